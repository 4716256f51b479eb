// Compiles the whole closure of encoding/json: memory is measured on it.
package main

import (
	"encoding/json"
	"fmt"
)

type place struct {
	Name string            `json:"name"`
	At   [2]float64        `json:"at"`
	Tags map[string]string `json:"tags,omitempty"`
}

func main() {
	text, err := json.Marshal([]place{{"here", [2]float64{1, 2.5}, map[string]string{"kind": "test"}}})
	fmt.Println(string(text), err)
	var back []place
	fmt.Println(json.Unmarshal(text, &back), back)
}
