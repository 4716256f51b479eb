// Servers and clients of net/http in one program, handlers without a server, and what goes with them.

//go:debug httpmuxgo121=0
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"mime/multipart"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/http/httputil"
	"net/rpc"
	"net/url"
	"os"
	"strings"
	"time"
)

func check(err error) {
	if err != nil {
		panic(err)
	}
}

type Args struct{ A, B int }
type Arith struct{}

func (Arith) Multiply(args *Args, reply *int) error {
	*reply = args.A * args.B
	return nil
}
func (Arith) Divide(args *Args, reply *int) error {
	if args.B == 0 {
		return errors.New("divide by zero")
	}
	*reply = args.A / args.B
	return nil
}

func logged(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Println("->", r.Method, r.URL, r.Proto)
		next.ServeHTTP(w, r)
	})
}

func mux() http.Handler {
	m := http.NewServeMux()
	m.HandleFunc("GET /hello/{name}", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "Hello, %s!", r.PathValue("name"))
	})
	m.HandleFunc("POST /sum", func(w http.ResponseWriter, r *http.Request) {
		var numbers []int
		if err := json.NewDecoder(r.Body).Decode(&numbers); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		sum := 0
		for _, n := range numbers {
			sum += n
		}
		w.Header().Set("Content-Type", "application/json")
		json.NewEncoder(w).Encode(map[string]int{"sum": sum})
	})
	m.HandleFunc("/cookie", func(w http.ResponseWriter, r *http.Request) {
		if c, err := r.Cookie("seen"); err == nil {
			fmt.Fprint(w, "again ", c.Value)
			return
		}
		http.SetCookie(w, &http.Cookie{Name: "seen", Value: "yes", Path: "/"})
		fmt.Fprint(w, "first")
	})
	m.HandleFunc("/redirect", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/hello/redirected", http.StatusFound)
	})
	m.HandleFunc("/chunks", func(w http.ResponseWriter, r *http.Request) {
		for i := range 3 {
			fmt.Fprintf(w, "chunk %d\n", i)
			w.(http.Flusher).Flush()
		}
	})
	m.HandleFunc("/slow", func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-r.Context().Done():
		case <-time.After(10 * time.Second):
		}
	})
	m.HandleFunc("/form", func(w http.ResponseWriter, r *http.Request) {
		f, h, err := r.FormFile("file")
		check(err)
		b, _ := io.ReadAll(f)
		fmt.Fprintln(w, h.Filename, string(b), r.FormValue("note"))
	})
	m.HandleFunc("/panic", func(w http.ResponseWriter, r *http.Request) { panic(http.ErrAbortHandler) })
	return m
}

func show(r *http.Response, err error) {
	if err != nil {
		var u *url.Error
		fmt.Println(errors.As(err, &u), u.Timeout(), u.Err)
		return
	}
	defer r.Body.Close()
	b, err := io.ReadAll(r.Body)
	fmt.Println(r.Status, r.Header.Get("Content-Type"), r.ContentLength, r.TransferEncoding, strings.TrimSpace(string(b)), err)
}

func server() {
	s := httptest.NewServer(logged(mux()))
	defer s.Close()
	jar, err := cookiejar.New(nil)
	check(err)
	c := &http.Client{Jar: jar}
	show(c.Get(s.URL + "/hello/world"))
	show(c.Get(s.URL + "/nowhere"))
	show(c.Post(s.URL+"/hello/world", "text/plain", nil))
	show(c.Post(s.URL+"/sum", "application/json", strings.NewReader("[1, 2, 3, 4]")))
	show(c.Post(s.URL+"/sum", "application/json", strings.NewReader("{")))
	show(c.Get(s.URL + "/cookie"))
	show(c.Get(s.URL + "/cookie"))
	show(c.Get(s.URL + "/redirect"))
	show(c.Get(s.URL + "/chunks"))
	show(c.Head(s.URL + "/chunks"))
	show(c.Get(s.URL + "/panic"))

	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	part, err := w.CreateFormFile("file", "a.txt")
	check(err)
	io.WriteString(part, "the file")
	w.WriteField("note", "a note")
	w.Close()
	show(c.Post(s.URL+"/form", w.FormDataContentType(), &body))

	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Millisecond)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, "GET", s.URL+"/slow", nil)
	check(err)
	show(c.Do(req))
	show((&http.Client{Timeout: 30 * time.Millisecond}).Get(s.URL + "/slow"))

	target, err := url.Parse(s.URL)
	check(err)
	proxy := httptest.NewServer(&httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(target) }})
	defer proxy.Close()
	show(http.Get(proxy.URL + "/hello/proxy"))
}

func recorder() {
	rec := httptest.NewRecorder()
	req := httptest.NewRequest("PUT", "http://example.com/hello/x?q=1&q=2", strings.NewReader("body"))
	req.Header.Set("X-Test", "1")
	mux().ServeHTTP(rec, req)
	fmt.Println(rec.Code, rec.Header(), rec.Body.String())
	dump, err := httputil.DumpRequest(req, true)
	fmt.Printf("%q %v\n", dump, err)
	fmt.Println(http.StatusText(http.StatusTeapot), http.DetectContentType([]byte("<html>")))
	fs := httptest.NewRecorder()
	http.FileServer(http.FS(os.DirFS("/nowhere"))).ServeHTTP(fs, httptest.NewRequest("GET", "/x", nil))
	fmt.Println(fs.Code, fs.Body)
}

func own() {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	check(err)
	s := &http.Server{Handler: mux(), ErrorLog: log.New(os.Stdout, "", 0), ReadTimeout: time.Second}
	done := make(chan error)
	go func() { done <- s.Serve(l) }()
	show(http.Get("http://" + l.Addr().String() + "/hello/own"))
	fmt.Println(s.Shutdown(context.Background()), <-done == http.ErrServerClosed)
	_, err = http.Get("http://" + l.Addr().String() + "/")
	var op *net.OpError
	fmt.Println(errors.As(err, &op), op.Err)
}

func procedures() {
	s := rpc.NewServer()
	check(s.Register(Arith{}))
	l, err := net.Listen("tcp", "127.0.0.1:0")
	check(err)
	go func() {
		c, err := l.Accept()
		check(err)
		s.ServeConn(c)
	}()
	c, err := rpc.Dial("tcp", l.Addr().String())
	check(err)
	var product, quotient int
	fmt.Println(c.Call("Arith.Multiply", &Args{6, 7}, &product), product)
	fmt.Println(c.Call("Arith.Divide", &Args{6, 0}, &quotient))
	call := <-c.Go("Arith.Divide", &Args{42, 7}, &quotient, nil).Done
	fmt.Println(call.Error, quotient)
	fmt.Println(c.Call("Arith.Nothing", &Args{}, &quotient))
	fmt.Println(c.Close(), l.Close())
}

func main() {
	recorder()
	server()
	own()
	procedures()
}
