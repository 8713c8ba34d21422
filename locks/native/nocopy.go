// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package native

// noCopy lets go vet report copies of the struct that has it as a field. It comes first, since a
// field of size zero at the end costs padding.
type noCopy struct{}

func (*noCopy) Lock()   {}
func (*noCopy) Unlock() {}
