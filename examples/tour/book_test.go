// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"bytes"
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// A page is what a test has found on one.
type parsedPage struct {
	ids, links, resources []string
	text                  string
}

// parsePage parses a page and collects what leads elsewhere.
func parsePage(t *testing.T, file string) parsedPage {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	root, err := html.Parse(f)
	if err != nil {
		t.Fatal(err)
	}
	var p parsedPage
	var text strings.Builder
	for n := range root.Descendants() {
		if n.Type == html.TextNode {
			text.WriteString(n.Data)
		}
		for _, a := range n.Attr {
			switch {
			case a.Key == "id":
				p.ids = append(p.ids, a.Val)
			case a.Key == "href" && n.Data == "a":
				p.links = append(p.links, a.Val)
			case a.Key == "href" || a.Key == "src" || a.Key == "srcset" || a.Key == "data":
				p.resources = append(p.resources, a.Val)
			case strings.HasPrefix(a.Key, "on"):
				t.Errorf("%s: an element %s with a script in %s", file, n.Data, a.Key)
			}
		}
		if n.Data == "script" || n.Data == "iframe" || n.Data == "img" {
			t.Errorf("%s: an element %s", file, n.Data)
		}
	}
	p.text = text.String()
	return p
}

// checkPages parses the pages in dir, by name, and checks that their links lead somewhere.
func checkPages(t *testing.T, dir string) map[string]parsedPage {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.html"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no pages: %v", err)
	}
	pages := map[string]parsedPage{}
	for _, file := range files {
		pages[filepath.Base(file)] = parsePage(t, file)
	}
	for name, p := range pages {
		for _, id := range p.ids {
			if n := len(slices.DeleteFunc(slices.Clone(p.ids), func(other string) bool { return other != id })); n > 1 {
				t.Errorf("%s has the id %q %d times", name, id, n)
			}
		}
		for _, url := range p.links {
			page, id, _ := strings.Cut(url, "#")
			if page == "" {
				page = name
			}
			if target, ok := pages[page]; !ok || id != "" && !slices.Contains(target.ids, id) {
				t.Errorf("%s has a link to %s, which is not there", name, url)
			}
		}
		for _, url := range p.resources {
			if url != "book.css" && url != "data:," {
				t.Errorf("%s needs %s", name, url)
			}
		}
	}
	style, err := os.ReadFile(filepath.Join(dir, "book.css"))
	if err != nil || bytes.Contains(style, []byte("url(")) || bytes.Contains(style, []byte("@import")) {
		t.Errorf("the style sheet is %q, %v, want one that needs no other file", style, err)
	}
	return pages
}

// TestBook writes the pages of all chapters, as if each program had printed a line and had drawn
// the chart of one of them.
func TestBook(t *testing.T) {
	examples, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	g := guide{examples: examples} // without executables: each program fails
	b := book{Machine: "a machine with <two> processors"}
	chosen := stops(chapters)
	for i, s := range chosen {
		p, o, err := g.page(t.Context(), s)
		if err != nil || !p.Failed || o.kind != failed || p.Text == "" || len(p.Sources) == 0 || p.Sources[0].Name != "main.go" {
			t.Fatalf("%s: %v, and a page with the text %q and %d sources", s.path(), err, p.Text, len(p.Sources))
		}
		p.Output = "output of " + s.path() + " <with> a & b"
		if i == 0 || chosen[i-1].chapter.dir != s.chapter.dir {
			b.Chapters = append(b.Chapters, bookChapter{Dir: s.chapter.dir, Title: s.chapter.title, ideas: s.chapter.ideas})
		}
		last := &b.Chapters[len(b.Chapters)-1]
		last.Programs = append(last.Programs, p)
	}
	if err := b.link(chosen, examples); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := b.write(dir); err != nil {
		t.Fatal(err)
	}
	pages := checkPages(t, dir)
	for _, s := range chosen {
		page := pages[s.chapter.dir+".html"]
		for _, want := range []string{s.shows, "output of " + s.path() + " <with> a & b", "func main() { program.Main"} {
			if !strings.Contains(page.text, want) {
				t.Errorf("%s.html has no %q of %s", s.chapter.dir, want, s.name)
			}
		}
		if !slices.Contains(page.ids, s.name) {
			t.Errorf("%s.html has no %s", s.chapter.dir, s.name)
		}
		if !slices.Contains(pages["index.html"].links, s.chapter.dir+".html#"+s.name) {
			t.Errorf("the contents have no link to %s", s.path())
		}
	}
	for _, i := range ideas {
		if !strings.Contains(pages["ch10.html"].text, i.Built) {
			t.Errorf("ch10.html does not say what was built from the idea %q", i.Name)
		}
	}
	for _, want := range []string{"packages.html#explore", "packages.html#locks-shared", "packages.html#locks-watch", "ch08.html#robust"} {
		if !slices.Contains(pages["ch10.html"].links, want) {
			t.Errorf("ch10.html has no link to %s", want)
		}
	}
}

// TestIdeas checks that what the ideas refer to is there.
func TestIdeas(t *testing.T) {
	for _, i := range ideas {
		for _, path := range i.See {
			if _, err := os.Stat(filepath.Join("..", "..", filepath.FromSlash(path))); err != nil {
				t.Errorf("%s: %v", i.Name, err)
			}
		}
		for _, path := range i.Programs {
			if !slices.Contains(paths(stops(chapters)), path) {
				t.Errorf("%s: there is no program %s", i.Name, path)
			}
		}
	}
}

// TestDraws compares what the tables say of charts with the flags of the programs.
func TestDraws(t *testing.T) {
	for _, s := range stops(chapters) {
		text, err := os.ReadFile(filepath.Join("..", filepath.FromSlash(s.path()), "main.go"))
		if err != nil {
			t.Error(err)
			continue
		}
		if has := bytes.Contains(text, []byte(`flag.String("svg"`)); has != s.draws {
			t.Errorf("%s: draws is %v, and it has a flag -svg: %v", s.path(), s.draws, has)
		}
	}
}

func TestCheckFolder(t *testing.T) {
	parent := t.TempDir()
	dir := filepath.Join(parent, "new", "folder")
	for range 2 { // made, and then empty
		if err := checkFolder(dir); err != nil {
			t.Error(err)
		}
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) > 0 {
		t.Errorf("the folder has %v, %v, want nothing", entries, err)
	}
	index := filepath.Join(dir, "index.html")
	if err := os.WriteFile(index, []byte("<h1>My own</h1>"), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := checkFolder(dir); err == nil || !strings.Contains(err.Error(), "is not empty") {
		t.Errorf("a folder of somebody else: %v", err)
	}
	if err := (&book{}).write(dir); err != nil {
		t.Fatal(err)
	}
	if err := checkFolder(dir); err != nil {
		t.Errorf("a folder of the tour's: %v", err)
	}
	if err := checkFolder(index); err == nil {
		t.Error("a file is accepted")
	}
	if runtime.GOOS == "windows" || os.Getuid() == 0 {
		return // all can be written to
	}
	closed := filepath.Join(parent, "closed")
	if err := os.Mkdir(closed, 0o555); err != nil {
		t.Fatal(err)
	}
	if err := checkFolder(closed); err == nil || !strings.Contains(err.Error(), "cannot write") {
		t.Errorf("a folder that cannot be written to: %v", err)
	}
}

func TestPlain(t *testing.T) {
	if got, want := plain("a \x1b[1;31mred\x1b[0m word\n10 %\r100 %\nlast\r\n"), "a red word\n100 %\nlast"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestHighlight(t *testing.T) {
	code := "package p // a <comment>\n\nvar s = `raw\n` + \"x\"\n"
	var got strings.Builder
	whole := ""
	for _, s := range highlight([]byte(code)) {
		fmt.Fprintf(&got, "[%s %q]", s.Class, s.Text)
		whole += s.Text
	}
	want := `[k "package"][ " p "][c "// a <comment>"][ "\n\n"][k "var"][ " s = "][s "` + "`raw\\n`" + `"][ " + "][s "\"x\""][ "\n"]`
	want = strings.ReplaceAll(want, "`raw\\n`", "`raw\\n`")
	if got.String() != want || whole != code {
		t.Errorf("got  %s\nwant %s", &got, want)
	}
}

func TestInline(t *testing.T) {
	svg := `<?xml version="1.0"?><svg width="9pt" viewBox="0 0 9 9" xmlns="http://www.w3.org/2000/svg"><style>g{}</style>` +
		`<script>alert(1)</script><path d="M0" style="fill:#FFFFFF" /><path d="M1" onclick="x()" style="fill:#000000"/>` +
		`<text x="1" style="font-family:A,B;font-size:11px">a &lt; b</text></svg>`
	want := `<svg role="img" fill="currentColor" aria-label="a &#34;chart&#34;" viewBox="0 0 9 9"><path d="M1" style="fill:currentColor"></path>` +
		`<text x="1" style="font-size:11px">a &lt; b</text></svg>`
	got, err := inline([]byte(svg), `a "chart"`)
	if string(got) != want || err != nil {
		t.Errorf("got  %s, %v\nwant %s", got, err, want)
	}
	if _, err := inline([]byte("<svg><path></svg>"), ""); err == nil {
		t.Error("no error for what is no XML")
	}
}

// TestContrast holds the colors of the style sheet to the Web Content Accessibility Guidelines: 4.5 to one for text.
func TestContrast(t *testing.T) {
	schemes := regexp.MustCompile(`:root \{[^}]*\}`).FindAllString(string(bookStyle), -1)
	if len(schemes) != 2 {
		t.Fatalf("%d color schemes, want 2", len(schemes))
	}
	for _, scheme := range schemes {
		colors := map[string]float64{}
		for _, m := range regexp.MustCompile(`--(\w+): #(..)(..)(..);`).FindAllStringSubmatch(scheme, -1) {
			colors[m[1]] = luminance(t, m[2], m[3], m[4])
		}
		if len(colors) != 12 {
			t.Errorf("the scheme has %q, want 12 colors", slices.Sorted(maps.Keys(colors)))
		}
		for name, text := range colors {
			if name == "page" || name == "raised" || name == "line" {
				continue
			}
			for _, ground := range []string{"page", "raised"} {
				high, low := max(text, colors[ground]), min(text, colors[ground])
				if contrast := (high + 0.05) / (low + 0.05); contrast < 4.5 {
					t.Errorf("%s on %s has a contrast of %.1f, want 4.5", name, ground, contrast)
				}
			}
		}
	}
}

// luminance returns the relative luminance of a color.
func luminance(t *testing.T, channels ...string) (sum float64) {
	t.Helper()
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		n, err := strconv.ParseUint(channels[i], 16, 8)
		if err != nil {
			t.Fatal(err)
		}
		c := float64(n) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		sum += weight * c
	}
	return sum
}
