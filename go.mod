module github.com/mdmlink/mdmlink

go 1.26.0
