//! Lets executables find the prebuilt libduckdb: next to the folder that they are built into (`target/libduckdb`),
//! or beside the installed binary. The `duckdb` crate emits no rpath of its own.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    for place in ["$ORIGIN", "$ORIGIN/../libduckdb", "$ORIGIN/../../libduckdb"] {
        println!("cargo:rustc-link-arg=-Wl,-rpath,{place}");
    }
}
