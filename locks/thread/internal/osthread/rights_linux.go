// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package osthread

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// niceRefusal adds to err the right that a refused nice value requires.
func niceRefusal(err error, nice int) error {
	if err != syscall.EACCES && err != syscall.EPERM {
		return err
	}
	room := 20 - nice
	return fmt.Errorf("nice value %d needs %s or RLIMIT_NICE of %d, which is %d (ulimit -e %d, LimitNICE=%d, --ulimit nice=%d): %w",
		nice, rights(inUserNamespace()), room, softLimit(unix.RLIMIT_NICE), room, room, room, err)
}

// rights returns the rights that allow a thread any priority. The kernel requires the capability in the initial
// user namespace.
func rights(userNamespace bool) string {
	if userNamespace {
		return "CAP_SYS_NICE outside of this user namespace, that of a rootless container,"
	}
	return "root, CAP_SYS_NICE"
}

// mayNice reports whether the calling thread has CAP_SYS_NICE, in its user namespace.
func mayNice() bool {
	header := unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
	var data [2]unix.CapUserData
	return unix.Capget(&header, &data[0]) == nil && data[0].Effective&(1<<unix.CAP_SYS_NICE) != 0
}

// inUserNamespace reports whether the process is in a user namespace other than the initial one.
func inUserNamespace() bool {
	users, err := os.ReadFile("/proc/self/uid_map")
	return err == nil && !allUsers(string(users))
}

// allUsers reports whether a uid_map is that of the initial user namespace, which maps each user to itself.
func allUsers(uidMap string) bool {
	return slices.Equal(strings.Fields(uidMap), []string{"0", "0", "4294967295"})
}

// softLimit returns a limit of the process, or 0 if the system does not report it.
func softLimit(resource int) uint64 {
	var limit unix.Rlimit
	if err := unix.Getrlimit(resource, &limit); err != nil {
		return 0
	}
	return limit.Cur
}
