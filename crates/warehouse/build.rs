//! Lets executables find the prebuilt libduckdb: next to the folder that they are built into (`target/libduckdb`),
//! or beside the installed binary. The `duckdb` crate emits no rpath of its own.

fn main() {
    // Other crates run this script too: the path must be right from each of their folders, or they are never fresh.
    println!("cargo:rerun-if-changed=../warehouse/build.rs");
    for place in ["$ORIGIN", "$ORIGIN/../libduckdb", "$ORIGIN/../../libduckdb"] {
        println!("cargo:rustc-link-arg=-Wl,-rpath,{place}");
    }
}
