import HubCore

/// Where a list of repositories goes on: which page, what the upstream wants to be asked with, and a mark of the page before, so
/// that an upstream that gives the same page for ever is found out.
struct ListCursor: Sendable, Hashable {
    /// The page to ask for, from 1.
    let page: Int
    /// Of the repositories on the page before; zero before the first.
    let mark: UInt64
    /// A dialect's own words; empty where the number of the page is all.
    let rest: String

    static let first = ListCursor(page: 1, mark: 0, rest: "")

    var text: String { "\(page).\(String(mark, radix: 16)).\(rest)" }

    init(page: Int, mark: UInt64, rest: String) {
        self.page = page
        self.mark = mark
        self.rest = rest
    }

    /// - Throws: `.badRequest` for what no page gave.
    init(_ text: String?) throws {
        guard let text else {
            self = .first
            return
        }
        let parts = text.split(separator: ".", maxSplits: 2, omittingEmptySubsequences: false)
        guard text.utf8.count <= BrowseBounds.cursor + 64, parts.count == 3, let page = Int(parts[0]), page > 1,
            let mark = UInt64(parts[1], radix: 16)
        else { throw HubError(.badRequest, "The cursor of an upstream's list cannot be read.") }
        self.init(page: page, mark: mark, rest: String(parts[2]))
    }

    /// The cursor after a page.
    /// - Parameter paths: what the page named, in order.
    /// - Throws: `.upstreamCorrupt` when the page is the one before, or pages do not end.
    func following(_ paths: [String], rest: String, failures: UpstreamFailures, question: String) throws -> ListCursor {
        var mark: UInt64 = 0xCBF2_9CE4_8422_2325
        for path in paths {
            for byte in path.utf8 { mark = (mark ^ UInt64(byte)) &* 0x100_0000_01B3 }
            mark = (mark ^ 0x0A) &* 0x100_0000_01B3
        }
        guard mark != self.mark else { throw failures.corrupt(question, "the same page twice") }
        guard page < BrowseBounds.listPages, rest.utf8.count <= BrowseBounds.cursor else {
            throw failures.corrupt(question, "a list without an end")
        }
        return ListCursor(page: page + 1, mark: mark, rest: rest)
    }
}
