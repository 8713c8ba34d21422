// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	_ "embed"
	"go/parser"
	"go/token"
	"io"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"text/template"
)

//go:embed map.tmpl
var mapText string

// A mapChapter is a chapter, and a mapRow a program, as map.tmpl shows them.
type (
	mapChapter struct {
		Dir, Title string
		Rows       []mapRow
		Ideas      []idea
	}
	mapRow struct {
		Name, Path, Shows string
		Packages          []string // of osync, that it imports
		Races             bool
	}
)

// printMap writes the map of the examples, which is examples/README.md.
func printMap(out io.Writer, chapters []chapter) error {
	here, err := os.Getwd()
	if err != nil {
		return err
	}
	examples, err := findExamples(here)
	if err != nil {
		return err
	}
	var data struct {
		Chapters []mapChapter
		Others   []mapRow
	}
	for _, c := range chapters {
		rows, err := mapRows(examples, c.dir, c.programs)
		if err != nil {
			return err
		}
		data.Chapters = append(data.Chapters, mapChapter{c.dir, c.title, rows, c.ideas})
	}
	if data.Others, err = mapRows(examples, "", others); err != nil {
		return err
	}
	t, err := template.New("map").Funcs(template.FuncMap{"cell": cell, "packages": packageList, "base": path.Base}).Parse(mapText)
	if err != nil {
		return err
	}
	return t.Execute(out, data)
}

func mapRows(examples, dir string, programs []example) ([]mapRow, error) {
	var rows []mapRow
	for _, e := range programs {
		row := mapRow{Name: e.name, Path: strings.TrimPrefix(dir+"/"+e.name, "/"), Shows: e.shows, Races: e.races}
		var err error
		if row.Packages, err = imports(filepath.Join(examples, filepath.FromSlash(row.Path))); err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// imports returns the packages of osync, but for its internal ones, that the program in dir
// imports, on any system and without its tests.
func imports(dir string) ([]string, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		return nil, err
	}
	var all []string
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		if err != nil {
			return nil, err
		}
		for _, spec := range parsed.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return nil, err
			}
			pkg, ok := strings.CutPrefix(imported, strings.TrimSuffix(module, "examples"))
			if ok && !strings.HasPrefix(pkg, "examples/") && !strings.HasPrefix(pkg, "internal/") {
				all = append(all, pkg)
			}
		}
	}
	slices.Sort(all)
	return slices.Compact(all), nil
}

// cell makes text fit into a cell of a table.
func cell(text string) string { return strings.ReplaceAll(text, "|", `\|`) }

// packageList links to packages, or other paths in the repository.
func packageList(pkgs []string) string {
	links := make([]string, len(pkgs))
	for i, p := range pkgs {
		below, ok := strings.CutPrefix(p, "examples/")
		if !ok {
			below = "../" + p
		}
		links[i] = "[" + p + "](" + below + ")"
	}
	return strings.Join(links, ", ")
}
