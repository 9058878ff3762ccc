// The Go client github.com/denverdino/aliyungo, unmodified, as a filter: one call per line of standard input, one answer per
// line of standard output, so that tests in another language can drive it.
//
//	{"client":"kms","method":"Encrypt","arguments":[{"KeyId":"...","Plaintext":"..."}]}
//	{"answer":{...}} or {"refused":{"status":404,"code":"...","message":"..."}} or {"fault":"..."}
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"reflect"

	"github.com/denverdino/aliyungo/common"
	"github.com/denverdino/aliyungo/kms"
	"github.com/denverdino/aliyungo/ram"
	"github.com/denverdino/aliyungo/sts"
)

type call struct {
	Client    string
	Key       credentials
	Method    string
	Arguments []json.RawMessage
}

type credentials struct {
	AccessKeyId, AccessKeySecret, SecurityToken string
}

type refusal struct {
	Status  int    `json:"status"`
	Code    string `json:"code"`
	Message string `json:"message"`
}

type line struct {
	Answer  interface{} `json:"answer,omitempty"`
	Refused *refusal    `json:"refused,omitempty"`
	Fault   string      `json:"fault,omitempty"`
}

func client(name string, key credentials) (reflect.Value, error) {
	switch name {
	case "kms":
		return reflect.ValueOf(kms.NewClient(key.AccessKeyId, key.AccessKeySecret)), nil
	case "ram":
		return reflect.ValueOf(ram.NewClientWithSecurityToken(key.AccessKeyId, key.AccessKeySecret, key.SecurityToken)), nil
	case "sts":
		return reflect.ValueOf(sts.NewClientWithSecurityToken(key.AccessKeyId, key.AccessKeySecret, key.SecurityToken)), nil
	}
	return reflect.Value{}, fmt.Errorf("no client %q", name)
}

func arguments(method reflect.Value, given []json.RawMessage) ([]reflect.Value, error) {
	if method.Type().NumIn() != len(given) {
		return nil, fmt.Errorf("%d arguments, not %d", method.Type().NumIn(), len(given))
	}
	values := make([]reflect.Value, len(given))
	for i, raw := range given {
		value := reflect.New(method.Type().In(i))
		if err := json.Unmarshal(raw, value.Interface()); err != nil {
			return nil, err
		}
		values[i] = value.Elem()
	}
	return values, nil
}

func run(text []byte) line {
	var wanted call
	if err := json.Unmarshal(text, &wanted); err != nil {
		return line{Fault: err.Error()}
	}
	target, err := client(wanted.Client, wanted.Key)
	if err != nil {
		return line{Fault: err.Error()}
	}
	method := target.MethodByName(wanted.Method)
	if !method.IsValid() {
		return line{Fault: "no method " + wanted.Method}
	}
	values, err := arguments(method, wanted.Arguments)
	if err != nil {
		return line{Fault: err.Error()}
	}
	results := method.Call(values)
	if err, failed := results[len(results)-1].Interface().(error); failed {
		var refused *common.Error
		if errors.As(err, &refused) {
			return line{Refused: &refusal{refused.StatusCode, refused.Code, refused.Message}}
		}
		return line{Fault: err.Error()}
	}
	return line{Answer: results[0].Interface()}
}

func main() {
	input := bufio.NewScanner(os.Stdin)
	input.Buffer(nil, 1<<20)
	output := json.NewEncoder(os.Stdout)
	for input.Scan() {
		if err := output.Encode(run(input.Bytes())); err != nil {
			panic(err)
		}
	}
}
