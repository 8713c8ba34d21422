// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"bytes"
	"cmp"
	"encoding/xml"
	"errors"
	"fmt"
	"go/doc/comment"
	"go/parser"
	"go/scanner"
	"go/token"
	"html"
	"html/template"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// A bookPackage is a package of osync that a page leads to.
type bookPackage struct {
	Path, ID string
	Text     template.HTML
}

func (b *book) sortPackages() {
	slices.SortFunc(b.Packages, func(x, y bookPackage) int { return cmp.Compare(x.Path, y.Path) })
}

// packageText returns the package comment of the package in dir, as HTML.
func packageText(dir string) (template.HTML, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		return "", err
	}
	longest := ""
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ParseComments|parser.PackageClauseOnly)
		if err != nil {
			return "", err
		}
		if text := parsed.Doc.Text(); len(text) > len(longest) {
			longest = text
		}
	}
	// Links between packages are left out: the pages have few of them.
	p := comment.Printer{HeadingLevel: 4, HeadingID: func(*comment.Heading) string { return "" }, DocLinkURL: func(*comment.DocLink) string { return "" }}
	parse := comment.Parser{
		LookupPackage: func(name string) (string, bool) { return name, true },
		LookupSym:     func(string, string) bool { return true },
	}
	return template.HTML(p.HTML(parse.Parse(longest))), nil // escaped by package comment
}

// A source is a file, in segments.
type source struct {
	Name  string
	Lines int
	Code  []segment
}

// A segment of a source is a comment, a string, a keyword, or none of these.
type segment struct{ Class, Text string }

// sources returns the files in dir, without tests; main.go is the first.
func sources(dir string) ([]source, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var all []source
	for _, e := range entries {
		name := e.Name()
		if ext := filepath.Ext(name); ext != ".go" && ext != ".s" || strings.HasSuffix(name, "_test.go") {
			continue
		}
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			return nil, err
		}
		text = bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n"))
		s := source{Name: name, Lines: bytes.Count(text, []byte("\n")), Code: []segment{{Text: string(text)}}}
		if filepath.Ext(name) == ".go" {
			s.Code = highlight(text)
		}
		if name == "main.go" {
			all = slices.Insert(all, 0, s)
		} else {
			all = append(all, s)
		}
	}
	return all, nil
}

// highlight divides Go code into segments.
func highlight(code []byte) []segment {
	var all []segment
	add := func(class string, text []byte) {
		if last := len(all) - 1; last >= 0 && all[last].Class == class {
			all[last].Text += string(text)
		} else if len(text) > 0 {
			all = append(all, segment{class, string(text)})
		}
	}
	file := token.NewFileSet().AddFile("", 1, len(code))
	var s scanner.Scanner
	s.Init(file, code, nil, scanner.ScanComments)
	done := 0
	for {
		pos, tok, text := s.Scan()
		if tok == token.EOF {
			break
		}
		class := ""
		switch {
		case tok == token.COMMENT:
			class = "c"
		case tok == token.STRING || tok == token.CHAR:
			class = "s"
		case tok.IsKeyword():
			class = "k"
		}
		if class == "" {
			continue
		}
		begin := file.Offset(pos)
		add("", code[done:begin])
		add(class, []byte(text))
		done = begin + len(text)
	}
	add("", code[done:])
	return all
}

var escapes = regexp.MustCompile("\x1b\\[[0-9;?]*[ -/]*[@-~]")

// plain returns what a terminal would show: without colors, and without what was overwritten.
func plain(output string) string {
	lines := strings.Split(escapes.ReplaceAllString(output, ""), "\n")
	for i, line := range lines {
		line = strings.TrimSuffix(line, "\r")
		lines[i] = line[strings.LastIndexByte(line, '\r')+1:]
	}
	return strings.TrimRight(strings.Join(lines, "\n"), "\n")
}

var (
	svgElements   = []string{"svg", "g", "path", "text"}
	svgAttributes = []string{"viewBox", "transform", "d", "x", "y", "style"}
	fontFamily    = regexp.MustCompile(`font-family:[^;]*;?`)
)

// inline returns a picture of package chart as a part of a page, whose colors of text and of the
// background it takes.
func inline(svg []byte, label string) (template.HTML, error) {
	var out strings.Builder
	var open []string // of elements that are left out, ""
	for d := xml.NewDecoder(bytes.NewReader(svg)); ; {
		t, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return "", err
		}
		switch t := t.(type) {
		case xml.StartElement:
			name := t.Name.Local
			style := ""
			for _, a := range t.Attr {
				if a.Name.Local == "style" {
					style = strings.ToLower(a.Value)
				}
			}
			if !slices.Contains(svgElements, name) || strings.Contains(style, "fill:#ffffff") {
				open = append(open, "")
				continue
			}
			open = append(open, name)
			fmt.Fprintf(&out, "<%s", name)
			if name == "svg" {
				fmt.Fprintf(&out, ` role="img" fill="currentColor" aria-label="%s"`, html.EscapeString(label))
			}
			for _, a := range t.Attr {
				if a.Name.Space != "" || !slices.Contains(svgAttributes, a.Name.Local) {
					continue
				}
				value := fontFamily.ReplaceAllString(strings.ReplaceAll(a.Value, "#000000", "currentColor"), "")
				fmt.Fprintf(&out, ` %s="%s"`, a.Name.Local, html.EscapeString(value))
			}
			out.WriteString(">")
		case xml.EndElement:
			last := open[len(open)-1]
			open = open[:len(open)-1]
			if last != "" {
				fmt.Fprintf(&out, "</%s>", last)
			}
		case xml.CharData:
			if len(open) > 0 && open[len(open)-1] == "text" {
				out.WriteString(html.EscapeString(string(t)))
			}
		}
	}
	return template.HTML(out.String()), nil // of known elements and attributes, and escaped
}
