// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"bytes"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/osync-go/osync/examples/internal/terminal"
)

//go:embed book.tmpl
var bookText string

//go:embed book.css
var bookStyle []byte

// What the pages show, as book.tmpl reads it.
type (
	book struct {
		Machine  string // that the programs ran on
		Chapters []bookChapter
		Packages []bookPackage
	}
	bookChapter struct {
		Dir, Title string
		Programs   []bookProgram
		Ideas      []bookIdea
		ideas      []idea // for which link makes Ideas
	}
	bookProgram struct {
		Name, Path, Shows, After, Verdict, Output string
		Text, Chart                               template.HTML
		Packages                                  []link
		Sources                                   []source
		Passed, Failed                            bool
	}
	bookIdea struct {
		Name, Built   string
		Programs, See []link
	}
	// A link leads to another of the pages, or nowhere.
	link struct{ Text, URL string }
)

// generator is in each page, and tells that a folder holds pages of the tour.
const generator = "osync tour"

// checkFolder returns an error if dir is not a place for the pages. It makes dir if need be.
func checkFolder(dir string) error {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return os.MkdirAll(dir, 0o777)
	}
	if err != nil {
		return err
	}
	if len(entries) > 0 {
		index, err := os.ReadFile(filepath.Join(dir, "index.html"))
		if err != nil || !bytes.Contains(index, []byte(`content="`+generator+`"`)) {
			return fmt.Errorf("%s is not empty, and holds no pages of the tour: name an empty or a new folder", dir)
		}
	}
	probe, err := os.CreateTemp(dir, "probe-")
	if err != nil {
		return fmt.Errorf("cannot write to %s: %w", dir, err)
	}
	return errors.Join(probe.Close(), os.Remove(probe.Name()))
}

// writeBook runs the programs and writes what there is to say of them to o.html. It reports
// whether none has failed.
func writeBook(ctx context.Context, chosen []stop, o options, stdout, stderr io.Writer) (bool, error) {
	begin := time.Now()
	if err := checkFolder(o.html); err != nil {
		return false, err
	}
	g, clean, err := prepare(ctx, chosen, o, stdout, stderr)
	if err != nil {
		return false, err
	}
	defer clean()
	b := book{Machine: fmt.Sprintf("%s/%s, %d processors, %s, on %s", runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), runtime.Version(),
		time.Now().Format("2 January 2006"))}
	var outcomes []outcome
	progress := terminal.NewProgress(stderr)
	for i, s := range chosen {
		progress.Show(fmt.Sprintf("running %s (%d of %d)", s.path(), i+1, len(chosen)))
		p, o, err := g.page(ctx, s)
		progress.Clear()
		if ctx.Err() != nil {
			return false, errors.New("interrupted: no page is written")
		}
		if err != nil {
			return false, err
		}
		fmt.Fprintf(stdout, "%-18s %s\n", s.path(), g.verdict(o))
		if i == 0 || chosen[i-1].chapter.dir != s.chapter.dir {
			b.Chapters = append(b.Chapters, bookChapter{Dir: s.chapter.dir, Title: s.chapter.title, ideas: s.chapter.ideas})
		}
		last := &b.Chapters[len(b.Chapters)-1]
		last.Programs = append(last.Programs, p)
		outcomes = append(outcomes, o)
	}
	if err := b.link(chosen, g.examples); err != nil {
		return false, err
	}
	if err := b.write(o.html); err != nil {
		return false, err
	}
	ok := g.summary(outcomes, len(chosen), time.Since(begin))
	fmt.Fprintf(stdout, "open %s\n", filepath.Join(o.html, "index.html"))
	return ok, nil
}

// page runs one program and returns what its page shows.
func (g guide) page(ctx context.Context, s stop) (bookProgram, outcome, error) {
	p := bookProgram{Name: s.name, Path: s.path(), Shows: s.shows, After: strings.ReplaceAll(s.after, "\n", " ")}
	dir := filepath.Join(g.examples, filepath.FromSlash(s.path()))
	var err error
	if p.Text, err = packageText(dir); err != nil {
		return p, outcome{}, err
	}
	if p.Sources, err = sources(dir); err != nil {
		return p, outcome{}, err
	}
	var args []string
	var svg string
	if s.draws {
		svg = filepath.Join(filepath.Dir(g.files[s.path()]), s.name+".svg")
		args = []string{"-svg", svg}
	}
	var out bytes.Buffer
	o := g.run(ctx, s, &indented{w: &out, telling: telling(s)}, args...)
	p.Output, p.Verdict = plain(out.String()), guide{paint: terminal.Colors(false)}.verdict(o)
	p.Passed, p.Failed = o.kind == passed, o.kind == failed
	if drawn, err := os.ReadFile(svg); s.draws && err == nil {
		if p.Chart, err = inline(drawn, "Chart of "+s.path()+". The figures are in the output above."); err != nil {
			return p, o, fmt.Errorf("%s: the chart: %w", s.path(), err)
		}
	}
	return p, o, nil
}

// link gives the programs and ideas their links, and the book the pages of the packages that
// these lead to.
func (b *book) link(chosen []stop, examples string) error {
	root := filepath.Dir(examples)
	pages := map[string]string{} // by path
	for _, s := range chosen {
		pages[s.path()] = s.chapter.dir + ".html#" + s.name
	}
	to := func(path string) link {
		if url, ok := pages[path]; ok {
			return link{path, url}
		}
		text, err := packageText(filepath.Join(root, filepath.FromSlash(path)))
		if err != nil || text == "" || strings.HasPrefix(path, "examples/") {
			return link{Text: path} // no package, but a document
		}
		id := strings.ReplaceAll(path, "/", "-")
		b.Packages = append(b.Packages, bookPackage{path, id, text})
		pages[path] = "packages.html#" + id
		return link{path, pages[path]}
	}
	for c := range b.Chapters {
		chapter := &b.Chapters[c]
		for i := range chapter.Programs {
			p := &chapter.Programs[i]
			used, err := imports(filepath.Join(examples, filepath.FromSlash(p.Path)))
			if err != nil {
				return err
			}
			for _, path := range used {
				p.Packages = append(p.Packages, to(path))
			}
		}
		for _, i := range chapter.ideas {
			row := bookIdea{Name: i.Name, Built: i.Built}
			for _, path := range i.Programs {
				row.Programs = append(row.Programs, link{path, pages[path]})
			}
			for _, path := range i.See {
				row.See = append(row.See, to(path))
			}
			chapter.Ideas = append(chapter.Ideas, row)
		}
	}
	b.sortPackages()
	return nil
}

// write writes the pages.
func (b *book) write(dir string) error {
	t, err := template.New("book").Parse(bookText)
	if err != nil {
		return err
	}
	write := func(file, name string, data any) error {
		var page bytes.Buffer
		if err := t.ExecuteTemplate(&page, name, data); err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(dir, file), page.Bytes(), 0o666)
	}
	if err := os.WriteFile(filepath.Join(dir, "book.css"), bookStyle, 0o666); err != nil {
		return err
	}
	for i, c := range b.Chapters {
		data := struct {
			bookChapter
			Machine        string
			Previous, Next *bookChapter
		}{bookChapter: c, Machine: b.Machine}
		if i > 0 {
			data.Previous = &b.Chapters[i-1]
		}
		if i < len(b.Chapters)-1 {
			data.Next = &b.Chapters[i+1]
		}
		if err := write(c.Dir+".html", "chapter", data); err != nil {
			return err
		}
	}
	if err := write("packages.html", "packages", b); err != nil {
		return err
	}
	return write("index.html", "index", b)
}
