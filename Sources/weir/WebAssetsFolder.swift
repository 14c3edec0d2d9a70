import Foundation

/// Where what packages brought for the website lies.
enum WebAssetsFolder {
    /// What was said, or the first that is there of: `WEIR_WEB_ASSETS`, `web-assets` in the data directory, and
    /// `.assets/web` of the checkout the binary was built in.
    static func find(_ said: String?, data: String) -> String? {
        if let said { return said }
        if let named = ProcessInfo.processInfo.environment["WEIR_WEB_ASSETS"] { return named }
        let binary = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().path
        // .build/release is a link to .build/TRIPLE/release, three folders below the checkout.
        let checkout = binary.split(separator: "/").dropLast(4).joined(separator: "/")
        let places = ["\(data)/web-assets", "/\(checkout)/.assets/web"]
        return places.first { FileManager.default.fileExists(atPath: $0 + "/manifest.json") }
    }
}
