// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package osthread

import "github.com/osync-go/osync/sys/freebsd"

// rightToFIFO is the right that a thread needs to enter the class RTP_PRIO_FIFO.
const rightToFIFO = "root or the group realtime of mac_priority(4)"

func enterFIFO(priority uint16) error {
	return freebsd.RtprioThread(freebsd.RTP_SET, 0, &freebsd.Rtprio{Type: freebsd.RTP_PRIO_FIFO, Prio: priority})
}

func leaveFIFO() error {
	return freebsd.RtprioThread(freebsd.RTP_SET, 0, &freebsd.Rtprio{Type: freebsd.RTP_PRIO_NORMAL})
}
