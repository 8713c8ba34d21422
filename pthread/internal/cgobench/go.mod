module github.com/osync-go/osync/pthread/internal/cgobench

go 1.26.0

require github.com/osync-go/osync v0.0.0

require github.com/ebitengine/purego v0.11.3 // indirect

replace github.com/osync-go/osync => ../../..
