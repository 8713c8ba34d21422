// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locktest

import (
	"errors"
	"os"
	"os/exec"
	"testing"
)

// Child runs the test binary once more, with args and with one more variable in its environment, such as
// "OSYNC_CHILD=1". It returns what the child printed, and nil or an [*exec.ExitError]. It skips the test
// where no child can be started, as on systems without processes and in emulators.
func Child(t *testing.T, variable string, args ...string) (out []byte, err error) {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Skipf("the test cannot find its own binary: %v", err)
	}
	child := exec.Command(exe, args...)
	child.Env = append(os.Environ(), variable)
	out, err = child.CombinedOutput()
	if _, exited := errors.AsType[*exec.ExitError](err); err != nil && !exited {
		t.Skipf("the test cannot start another program: %v", err)
	}
	return out, err
}
