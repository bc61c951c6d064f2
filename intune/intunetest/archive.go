package intunetest

import (
	"archive/zip"
	"bytes"
	"strings"
)

// archive makes the file of a job: ZIP with exactly one file in it.
func (f *Fake) archive(j *job) []byte {
	if planted := f.files[j.report]; planted != nil {
		return planted
	}
	rep := reportNamed(j.report)
	keep, err := rep.test(j.filter)
	if err != nil {
		panic(err) // was checked before
	}
	var rows []map[string]any
	for _, r := range rep.rows(f) {
		if keep == nil || keep(func(name string) any { return r[name] }) {
			rows = append(rows, r)
		}
	}
	content := f.csv(rep, j, rows)
	if j.format == "json" {
		content = jsonRows(j, rows)
	}
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	file, err := w.Create(j.id + "." + j.format)
	if err != nil {
		panic(err) // memory does not fail
	}
	file.Write(content)
	w.Close()
	return b.Bytes()
}

// csv writes rows with a byte order mark, quotes and CRLF.
func (f *Fake) csv(rep *report, j *job, rows []map[string]any) []byte {
	var b bytes.Buffer
	b.WriteString("\ufeff")
	line := make([]string, len(j.columns))
	for i, name := range j.columns {
		line[i] = rep.heading(name, f.wire.OldHeadings)
	}
	writeLine(&b, line)
	for _, r := range rows {
		for i, name := range j.columns {
			line[i] = cell(r[rep.column(name).name])
		}
		writeLine(&b, line)
	}
	return b.Bytes()
}

func writeLine(b *bytes.Buffer, line []string) {
	for i, s := range line {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(`"` + strings.ReplaceAll(s, `"`, `""`) + `"`)
	}
	b.WriteString("\r\n")
}

// cell writes a value as CSV has it.
func cell(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case bool:
		if v {
			return "True"
		}
		return "False"
	}
	return string(encode(v))
}

func jsonRows(j *job, rows []map[string]any) []byte {
	list := make([]object, 0, len(rows))
	for _, r := range rows {
		o := make(object, len(j.columns))
		for i, name := range j.columns {
			o[i] = member{name, r[reportNamed(j.report).column(name).name]}
		}
		list = append(list, o)
	}
	return encode(object{{"values", list}})
}
