module github.com/mdmlink/mdmlink/examples

go 1.26.0

require github.com/mdmlink/mdmlink v0.0.0

replace github.com/mdmlink/mdmlink => ../
