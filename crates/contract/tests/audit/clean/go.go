package main

import v4 "github.com/looker-open-source/sdk-codegen/go/sdk/v4"

type Space struct{ SpaceId int }

// sdk.AllSpaces() was here
func main() {
	sdk := v4.NewLookerSDK(session)
	space := Space{SpaceId: 5}
	looks, _ := sdk.SearchLooks(v4.RequestSearchLooks{FolderId: &id}, nil)
	for _, look := range looks {
		println(*look.FolderId, space.SpaceId)
	}
}
