module github.com/mdmlink/mdmlink/examples

go 1.26.0

require github.com/mdmlink/mdmlink v0.0.0

require github.com/stretchr/testify v1.12.1 // indirect

replace github.com/mdmlink/mdmlink => ../
