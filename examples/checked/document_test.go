// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package checked

import (
	"flag"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/osync-go/osync/explore"
)

var update = flag.Bool("update", false, "put what the explorer prints into the document")

const document = "../../docs/checking-a-lock.md"

// mustFind fails t if an exploration does not come to a deadlock, or if the table of it is another than the one
// behind <!-- table: name --> in the document.
func mustFind(t *testing.T, name string, f func(x *explore.Run)) {
	found := explore.Find(t, f)
	if found == nil || found.Kind != "deadlock" {
		t.Fatalf("found %v, want a deadlock", found)
	}
	text, err := os.ReadFile(document)
	if err != nil {
		t.Fatal(err)
	}
	at := regexp.MustCompile("(?s)(<!-- table: " + name + " -->\n\n```text\n)(.*?)(```\n)").FindSubmatchIndex(text)
	if at == nil {
		t.Fatalf("%s has no table %q", document, name)
	}
	var table strings.Builder
	for line := range strings.Lines(strings.TrimSpace(found.Table)) {
		table.WriteString(strings.TrimRight(line, " \n") + "\n")
	}
	// A replay does not know how soon the failure was found.
	extent := regexp.MustCompile(`(?m)^found after \d+ executions: `)
	if extent.ReplaceAllString(string(text[at[4]:at[5]]), "") == extent.ReplaceAllString(table.String(), "") {
		return
	}
	if !*update {
		t.Errorf("the table %q of %s is not what the explorer prints:\n%s\nRun this test by the command explore with -update, "+
			"read what the document says of it, and draw the picture again.", name, document, &table)
		return
	}
	changed := string(text[:at[4]]) + table.String() + string(text[at[5]:])
	if err := os.WriteFile(document, []byte(changed), 0o666); err != nil {
		t.Fatal(err)
	}
}

// TestDocument compares the code in the document with that of this package.
func TestDocument(t *testing.T) {
	text, err := os.ReadFile(document)
	if err != nil {
		t.Fatal(err)
	}
	for file, from := range map[string]string{"first.go": "package", "second.go": "func (m *Second) Lock", "third.go": "func (m *Third) Unlock"} {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		i := strings.Index(string(source), "\n"+from)
		if i < 0 {
			t.Fatalf("%s has no line that begins with %q", file, from)
		}
		if code := string(source[i+1:]); !strings.Contains(string(text), "```go\n"+code+"```\n") {
			t.Errorf("%s does not show the code of %s:\n%s", document, file, code)
		}
	}
}
