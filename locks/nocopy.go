// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks

// noCopy makes go vet report copies of a struct that has it as a field. It comes first in the struct,
// since a field of size zero at the end costs padding.
type noCopy struct{}

func (*noCopy) Lock()   {}
func (*noCopy) Unlock() {}
