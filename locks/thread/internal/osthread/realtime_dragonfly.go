// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package osthread

import "github.com/osync-go/osync/sys/dragonfly"

// rightToFIFO is the right that a thread needs to enter the class RTP_PRIO_FIFO.
const rightToFIFO = "root"

func enterFIFO(priority uint16) error {
	return dragonfly.LwpRtprio(dragonfly.RTP_SET, 0, -1, &dragonfly.Rtprio{Type: dragonfly.RTP_PRIO_FIFO, Prio: priority})
}

func leaveFIFO() error {
	return dragonfly.LwpRtprio(dragonfly.RTP_SET, 0, -1, &dragonfly.Rtprio{Type: dragonfly.RTP_PRIO_NORMAL})
}
