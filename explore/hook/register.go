// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package hook

// A rewritten package, which can put its variables back to their first values.
type registered struct {
	path  string
	reset func()
}

var packages []registered

// Register notes that the package path is explored, and how its variables become what they are when a
// program begins. Packages call it from their init functions.
func Register(path string, reset func()) {
	packages = append(packages, registered{path, reset})
}

// Reset puts the variables of all explored packages back to their first values.
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
