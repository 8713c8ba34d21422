// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package hook

// A registered is a rewritten package, which can reset its variables to their initial values.
type registered struct {
	path  string
	reset func()
}

var packages []registered

// Register records that the package path is explored, and the function that resets its variables to
// their initial values. Packages call it from their init functions.
func Register(path string, reset func()) {
	packages = append(packages, registered{path, reset})
}

// Reset resets the variables of all explored packages to their initial values.
func Reset() {
	for _, p := range packages {
		p.reset()
	}
}

// Registered returns the paths of the explored packages.
func Registered() []string {
	paths := make([]string, len(packages))
	for i, p := range packages {
		paths[i] = p.path
	}
	return paths
}
