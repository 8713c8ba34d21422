// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package sync

import (
	"slices"
	"sync"
	"unsafe"

	"github.com/osync-go/osync/explore/internal/engine"
)

// A Map is a map that is safe for concurrent use.
type Map struct {
	m sync.Map // outside an exploration, and the entries at the beginning of each execution
}

// A mapState is a Map in an execution. Its entries are in the order of insertion.
type mapState struct {
	entries []mapEntry
}

type mapEntry struct{ key, value any }

// step takes the step of an operation, and returns the Map's entries and the index of key, or -1 if there is no such
// key. The entries are nil outside an exploration.
func (m *Map) step(name string, access engine.Access, key any) (s *mapState, at int) {
	t := engine.Self()
	if t == nil {
		return nil, 0
	}
	t.Step(&engine.Op{Name: name, Addr: unsafe.Pointer(m), Access: access})
	s = t.State(unsafe.Pointer(m), func() any {
		s := new(mapState)
		m.m.Range(func(key, value any) bool {
			s.entries = append(s.entries, mapEntry{key, value})
			return true
		})
		return s
	}).(*mapState)
	return s, slices.IndexFunc(s.entries, func(e mapEntry) bool { return e.key == key })
}

func (s *mapState) insert(key, value any) { s.entries = append(s.entries, mapEntry{key, value}) }

func (s *mapState) delete(at int) { s.entries = slices.Delete(s.entries, at, at+1) }

// Load returns the value of key, and whether the Map has the key.
func (m *Map) Load(key any) (value any, ok bool) {
	s, at := m.step("Map.Load", engine.Read, key)
	switch {
	case s == nil:
		return m.m.Load(key)
	case at < 0:
		return nil, false
	}
	return s.entries[at].value, true
}

// Store sets the value of key.
func (m *Map) Store(key, value any) { m.swap("Map.Store", key, value) }

// Swap sets the value of key and returns the previous one, and whether there was one.
func (m *Map) Swap(key, value any) (previous any, loaded bool) { return m.swap("Map.Swap", key, value) }

func (m *Map) swap(name string, key, value any) (previous any, loaded bool) {
	s, at := m.step(name, engine.Write, key)
	switch {
	case s == nil:
		return m.m.Swap(key, value)
	case at < 0:
		s.insert(key, value)
		return nil, false
	}
	previous, s.entries[at].value = s.entries[at].value, value
	return previous, true
}

// LoadOrStore returns the value of key if there is one. Otherwise it stores and returns value. loaded reports whether
// there was one.
func (m *Map) LoadOrStore(key, value any) (actual any, loaded bool) {
	s, at := m.step("Map.LoadOrStore", engine.Write, key)
	switch {
	case s == nil:
		return m.m.LoadOrStore(key, value)
	case at < 0:
		s.insert(key, value)
		return value, false
	}
	return s.entries[at].value, true
}

// LoadAndDelete deletes key. It returns its value, and whether there was one.
func (m *Map) LoadAndDelete(key any) (value any, loaded bool) {
	return m.loadAndDelete("Map.LoadAndDelete", key)
}

// Delete deletes key.
func (m *Map) Delete(key any) { m.loadAndDelete("Map.Delete", key) }

func (m *Map) loadAndDelete(name string, key any) (value any, loaded bool) {
	s, at := m.step(name, engine.Write, key)
	switch {
	case s == nil:
		return m.m.LoadAndDelete(key)
	case at < 0:
		return nil, false
	}
	value = s.entries[at].value
	s.delete(at)
	return value, true
}

// CompareAndSwap sets the value of key to new if it is old, and reports whether it did.
func (m *Map) CompareAndSwap(key, old, new any) (swapped bool) {
	s, at := m.step("Map.CompareAndSwap", engine.Write, key)
	switch {
	case s == nil:
		return m.m.CompareAndSwap(key, old, new)
	case at < 0 || s.entries[at].value != old:
		return false
	}
	s.entries[at].value = new
	return true
}

// CompareAndDelete deletes key if its value is old, and reports whether it did.
func (m *Map) CompareAndDelete(key, old any) (deleted bool) {
	s, at := m.step("Map.CompareAndDelete", engine.Write, key)
	switch {
	case s == nil:
		return m.m.CompareAndDelete(key, old)
	case at < 0 || s.entries[at].value != old:
		return false
	}
	s.delete(at)
	return true
}

// Clear deletes all keys.
func (m *Map) Clear() {
	if s, _ := m.step("Map.Clear", engine.Write, nil); s != nil {
		s.entries = nil
		return
	}
	m.m.Clear()
}

// Range calls f for each key and value until f returns false. In an exploration these are the entries at one moment, in
// the order of insertion.
func (m *Map) Range(f func(key, value any) bool) {
	s, _ := m.step("Map.Range", engine.Read, nil)
	if s == nil {
		m.m.Range(f)
		return
	}
	for _, e := range slices.Clone(s.entries) {
		if !f(e.key, e.value) {
			return
		}
	}
}
