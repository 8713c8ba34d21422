// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package thread_test

import (
	"fmt"
	"testing"

	"github.com/osync-go/osync/locks/thread"
	"github.com/osync-go/osync/sys/darwin"
)

// cutName is what systemName returns. There is no binding that reads a name back.
const cutName = "unknown"

func systemName(*testing.T) string { return cutName }

// systemPriorities are the classes of quality of service.
var systemPriorities = map[thread.Priority]string{
	thread.Lowest: "0x9", thread.Low: "0x11", thread.Normal: "0x15", thread.High: "0x19", thread.Highest: "0x21",
}

// systemPriority reads the class of the calling thread back.
func systemPriority(*testing.T) string { return fmt.Sprintf("%#x", darwin.QosClassSelf()) }
