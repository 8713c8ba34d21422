// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package rewrite

import (
	"bytes"
	"context"
	"fmt"
	"go/ast"
	"go/build"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// seamFolder is the folder of a package's seams: files whose functions, methods, types, variables and constants replace
// those of the same name in the package, or are new. The explorer does not check the code that they replace, so they
// should be short.
var seamFolder = filepath.Join("testdata", "explore")

// seams adds the seams of the package to its files, and removes the declarations that they replace.
func (u *unit) seams(ctx context.Context) error {
	dir := filepath.Join(u.Dir, seamFolder)
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil // there is no such folder
	}
	own := u.files
	var seams []*file
	lines := 0
	for _, e := range entries {
		ok, err := u.buildContext().MatchFile(dir, e.Name())
		test := strings.HasSuffix(e.Name(), "_test.go")
		if err != nil || !ok || test && u.ForTest != u.tested() {
			continue
		}
		f, err := u.parse(filepath.Join(dir, e.Name()))
		if err != nil {
			return err
		}
		if f.syntax.Name.Name != u.Name { // belongs to the external tests, or is for them
			u.files = u.files[:len(u.files)-1]
			continue
		}
		f.seam = "explore_seam_"
		seams = append(seams, f)
		lines += codeLines(f)
	}
	if len(seams) == 0 {
		return nil
	}
	names := map[string]bool{}
	for _, f := range seams {
		for _, d := range f.syntax.Decls {
			for _, name := range declared(d) {
				names[name.full] = true
			}
		}
	}
	var gone []string
	for _, f := range own {
		gone = append(gone, f.remove(names)...)
	}
	if err := u.removeAssembly(gone); err != nil {
		return err
	}
	var added []string
	for name := range names {
		if !slices.Contains(gone, name) {
			added = append(added, name)
		}
	}
	slices.Sort(gone)
	slices.Sort(added)
	u.say("%s: seams of %d lines replace %s; new are %s", u.ImportPath, lines, orNone(gone), orNone(added))
	return u.importSeams(ctx, seams)
}

func orNone(names []string) string {
	if len(names) == 0 {
		return "nothing"
	}
	return strings.Join(names, ", ")
}

// buildContext returns the context that selects the files that the go command compiles.
func (u *unit) buildContext() *build.Context {
	c := build.Default
	c.GOOS, c.GOARCH, c.CgoEnabled = u.env["GOOS"], u.env["GOARCH"], u.env["CGO_ENABLED"] == "1"
	for i, flag := range u.BuildFlags {
		name, value, given := strings.Cut(strings.TrimLeft(flag, "-"), "=")
		switch {
		case name == "tags" && given:
			c.BuildTags = append(c.BuildTags, strings.Split(value, ",")...)
		case name == "tags" && i+1 < len(u.BuildFlags):
			c.BuildTags = append(c.BuildTags, strings.Split(u.BuildFlags[i+1], ",")...)
		case name == "race" || name == "msan" || name == "asan":
			c.BuildTags = append(c.BuildTags, name)
		}
	}
	return &c
}

// codeLines returns the number of lines of a file that are neither empty nor comments.
func codeLines(f *file) int {
	n := 0
	for line := range bytes.Lines(f.src) {
		line = bytes.TrimSpace(line)
		if len(line) > 0 && !bytes.HasPrefix(line, []byte("//")) {
			n++
		}
	}
	return n
}

// importSeams finds the export data of packages that only seams import.
func (u *unit) importSeams(ctx context.Context, seams []*file) error {
	var missing []string
	for _, f := range seams {
		for _, spec := range f.syntax.Imports {
			path, _ := strconv.Unquote(spec.Path.Value)
			if u.exports[path] == "" && u.ImportMap[path] == "" && path != "unsafe" && path != "C" {
				missing = append(missing, path)
			}
		}
	}
	if len(missing) == 0 {
		return nil
	}
	packages, err := u.list(ctx, nil, missing...)
	u.exports.add(packages)
	return err
}

// A name is a name that a declaration declares.
type name struct {
	full  string // "F", or "T.M" for a method
	ident *ast.Ident
	node  ast.Node // the function, or the spec
}

// declared returns the names that d declares. The blank identifier and init do not count.
func declared(d ast.Decl) []name {
	var names []name
	add := func(prefix string, id *ast.Ident, node ast.Node) {
		if id.Name != "_" && !(id.Name == "init" && prefix == "") {
			names = append(names, name{prefix + id.Name, id, node})
		}
	}
	switch d := d.(type) {
	case *ast.FuncDecl:
		prefix := ""
		if d.Recv != nil && len(d.Recv.List) == 1 {
			prefix = receiver(d.Recv.List[0].Type) + "."
		}
		add(prefix, d.Name, d)
	case *ast.GenDecl:
		for _, s := range d.Specs {
			switch s := s.(type) {
			case *ast.TypeSpec:
				add("", s.Name, s)
			case *ast.ValueSpec:
				for _, id := range s.Names {
					add("", id, s)
				}
			}
		}
	}
	return names
}

// receiver returns the name of a receiver's type.
func receiver(t ast.Expr) string {
	switch t := t.(type) {
	case *ast.Ident:
		return t.Name
	case *ast.StarExpr:
		return receiver(t.X)
	case *ast.ParenExpr:
		return receiver(t.X)
	case *ast.IndexExpr:
		return receiver(t.X)
	case *ast.IndexListExpr:
		return receiver(t.X)
	}
	return ""
}

// remove removes the declarations of names, and returns the names that it found.
func (f *file) remove(names map[string]bool) []string {
	var gone []string
	f.syntax.Decls = slices.DeleteFunc(f.syntax.Decls, func(d ast.Decl) bool {
		var found []name
		all := declared(d)
		for _, n := range all {
			if names[n.full] {
				found = append(found, n)
				gone = append(gone, n.full)
			}
		}
		g, _ := d.(*ast.GenDecl)
		if len(found) == 0 {
			return false
		}
		if g == nil || g.Tok != token.CONST && len(found) == len(all) && len(g.Specs) == countSpecs(found) {
			f.cut(start(d), d.End())
			return true
		}
		g.Specs = slices.DeleteFunc(g.Specs, func(s ast.Spec) bool { return f.removeSpec(s, found) })
		return false
	})
	for _, group := range f.syntax.Comments {
		for _, c := range group.List {
			if m := linkname.FindStringSubmatch(c.Text); m != nil && slices.Contains(gone, m[1]) {
				f.cut(c.Pos(), c.End())
			}
		}
	}
	return gone
}

var linkname = regexp.MustCompile(`^//go:linkname\s+(\S+)`)

func countSpecs(names []name) int {
	seen := map[ast.Node]bool{}
	for _, n := range names {
		seen[n.node] = true
	}
	return len(seen)
}

// removeSpec removes the names from a spec, and reports whether nothing is left of it. The names of constants become
// blank, since later constants can depend on their position.
func (f *file) removeSpec(s ast.Spec, gone []name) bool {
	_, values := s.(*ast.ValueSpec)
	var here []name
	for _, n := range gone {
		if n.node == s {
			here = append(here, n)
		}
	}
	if len(here) == 0 {
		return false
	}
	if !values {
		f.cut(start(s), s.End())
		return true
	}
	for _, n := range here {
		f.replace(n.ident.Pos(), n.ident.End(), "_")
		n.ident.Name = "_"
	}
	return false
}

// start returns the beginning of a declaration, including its comment and the directives in it.
func start(n ast.Node) token.Pos {
	var doc *ast.CommentGroup
	switch n := n.(type) {
	case *ast.FuncDecl:
		doc = n.Doc
	case *ast.GenDecl:
		doc = n.Doc
	case *ast.TypeSpec:
		doc = n.Doc
	}
	if doc != nil {
		return doc.Pos()
	}
	return n.Pos()
}

// cut removes the source from lo up to hi, unless a larger part has been removed.
func (f *file) cut(lo, hi token.Pos) {
	l, h := f.offset(lo), f.offset(hi)
	for _, e := range f.edits {
		if e.lo <= l && h <= e.hi {
			return
		}
	}
	f.replace(lo, hi, "")
}

// removeAssembly renames those functions of the assembly files that seams replace.
func (u *unit) removeAssembly(gone []string) error {
	for _, s := range u.SFiles {
		name := filepath.Join(u.Dir, s)
		src, err := u.readFile(name)
		if err != nil {
			return err
		}
		out := string(src)
		for _, fn := range gone {
			out = strings.ReplaceAll(out, fmt.Sprintf("TEXT ·%s(", fn), fmt.Sprintf("TEXT ·explore_%s(", fn))
		}
		if out != string(src) {
			if err := u.put(name, out); err != nil {
				return err
			}
		}
	}
	return nil
}
