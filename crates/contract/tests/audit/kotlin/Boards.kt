import com.looker.sdk.*

fun boards(sdk: LookerSDK) {
    val all = sdk.ok<Array<Homepage>>(sdk.all_homepages())
    val look = sdk.ok<Look>(sdk.look("5"))
    println("${look.space_id} $all")
    sdk.search_looks(space_id = "7")
    val write = WriteLookWithQuery(title = "Copy", space_id = "7")
    // sdk.all_spaces()
}
