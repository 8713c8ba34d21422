module github.com/osync-go/osync

go 1.26
