import HubCore
import WebPages

/// Addresses of the website.
enum WebAddress {
    /// Where a repository is shown.
    static func of(_ id: RepositoryID) -> String {
        let name = "\(URLText.component(id.namespace))/\(URLText.component(id.name))"
        return "/\(id.kind.plural)/\(name)"
    }

    /// The same address, on which it is told what was done.
    static func adding(done word: String, to address: String) -> String {
        let (path, fragment) = (address.prefix { $0 != "#" }, address.drop { $0 != "#" })
        let parts = path.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let query = parts.count == 2 ? parts[1].split(separator: "&").filter { !$0.hasPrefix("done=") } : []
        return "\(parts[0])?\((query + ["done=\(word)"]).joined(separator: "&"))\(fragment)"
    }
}
