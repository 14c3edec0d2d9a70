import Foundation

/// Where the library DuckDB lies. It is found at run time: a hub without it serves everything but rows.
package enum DuckDBLocation {
    /// What was said, or the first that is there of: `WEIR_LIBDUCKDB`, `duckdb` in the data directory, `.assets/duckdb`
    /// of the checkout the binary was built in, and where systems keep libraries.
    /// - Returns: nil when there is none.
    package static func find(environment: [String: String], data: String) -> String? {
        if let named = environment["WEIR_LIBDUCKDB"] {
            return FileManager.default.fileExists(atPath: named) ? library(in: named) : nil
        }
        let binary = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().path
        // .build/release is a link to .build/TRIPLE/release, three folders below the checkout.
        let checkout = binary.split(separator: "/").dropLast(4).joined(separator: "/")
        let folders =
            ["\(data)/duckdb", "/\(checkout)/.assets/duckdb", "/usr/local/lib", "/usr/lib"]
            + ["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu"]
        return folders.lazy.compactMap(library).first
    }

    /// The library itself, or the one that DuckDB's package for Python brings, in a folder; a file is taken as it is.
    private static func library(in place: String) -> String? {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: place, isDirectory: &isFolder) else { return nil }
        guard isFolder.boolValue else { return place }
        if FileManager.default.fileExists(atPath: place + "/libduckdb.so") { return place + "/libduckdb.so" }
        let names = (try? FileManager.default.contentsOfDirectory(atPath: place)) ?? []
        return names.first { $0.hasPrefix("_duckdb.") && $0.hasSuffix(".so") }.map { "\(place)/\($0)" }
    }
}
