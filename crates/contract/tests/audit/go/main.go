package main

import (
	"fmt"

	"github.com/looker-open-source/sdk-codegen/go/rtl"
	v3 "github.com/looker-open-source/sdk-codegen/go/sdk/v3"
)

func main() {
	sdk := v3.NewLookerSDK(rtl.NewAuthSession(cfg))
	spaces, err := sdk.AllSpaces("id", nil)
	for _, look := range search(sdk) {
		fmt.Println(*look.SpaceId, err, spaces)
	}
}

func search(sdk *v3.LookerSDK) []v3.Look {
	space := "7"
	looks, err := sdk.SearchLooks(v3.RequestSearchLooks{SpaceId: &space}, nil)
	for _, look := range looks {
		fmt.Println(*look.SpaceId, err)
	}
	var home v3.Homepage
	fmt.Println(home.HomepageSections)
	return looks
}
