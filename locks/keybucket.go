// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks

import "github.com/osync-go/osync/locks/internal/observe"

// find returns the entry of a key, or nil if the key is not in b.
//
//go:norace
func (b *keyBucket[K]) find(t *keyTable[K], hash uint64, key K) *keyEntry[K] {
	if b.first.refs != 0 && b.first.key == key {
		return &b.first
	}
	if b.root == nil {
		return nil
	}
	if n := *b.link(t, hash, key); n != nil {
		return &n.keyEntry
	}
	return nil
}

// link returns the link to the node of a key, or the nil link at which the node belongs.
//
//go:norace
func (b *keyBucket[K]) link(t *keyTable[K], hash uint64, key K) **keyNode[K] {
	link := &b.root
	for h := hash << (64 - t.shift); *link != nil && ((*link).hash != hash || (*link).key != key); h <<= 1 {
		if h>>63 == 0 {
			link = &(*link).left
		} else {
			link = &(*link).right
		}
	}
	return link
}

// insert returns an entry for a key that is not in b.
//
//go:norace
func (b *keyBucket[K]) insert(t *keyTable[K], hash uint64, key K) *keyEntry[K] {
	e := &b.first
	if b.first.refs != 0 || ownKeyEntries() {
		n := b.spare
		if n == nil {
			n = new(keyNode[K])
		}
		b.spare = nil
		n.hash = hash
		*b.link(t, hash, key) = n
		e = &n.keyEntry
	}
	e.key = key
	return e
}

// leave takes a goroutine out of e, the entry of a key, and e out of b if it was the last one.
//
//go:norace
func (b *keyBucket[K]) leave(t *keyTable[K], hash uint64, e *keyEntry[K]) {
	e.refs--
	if e.refs != 0 {
		return
	}
	e.open(keyFree)
	if e == &b.first {
		b.first.forget()
		return
	}
	link := b.link(t, hash, e.key)
	n := *link
	b.prune(link)
	if n.in != nil && observe.On() != 0 {
		return // package watch may have seen a wait, and may ask for its key later
	}
	n.forget()
	if !keyNodesOnly {
		b.spare = n
	}
}

// prune takes the node at link out of the tree. A leaf of its subtree takes its place.
//
//go:norace
func (b *keyBucket[K]) prune(link **keyNode[K]) {
	node, leaf := *link, link
	for {
		if (*leaf).left != nil {
			leaf = &(*leaf).left
		} else if (*leaf).right != nil {
			leaf = &(*leaf).right
		} else {
			break
		}
	}
	top := *leaf
	*leaf = nil
	if top != node {
		top.left, top.right = node.left, node.right
		*link = top
	}
	node.left, node.right = nil, nil
}
