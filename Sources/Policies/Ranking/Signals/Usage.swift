/// That somebody used something.
package struct Usage: Sendable, Hashable {
    /// An organisation or a person; only equality counts.
    package let user: String
    /// As `RankingItem.path`, with its kind: `model:acme/x`.
    package let item: String
    /// Milliseconds since 1970.
    package let at: Int64

    package init(user: String, kind: String, path: String, at: Int64) {
        self.user = user
        item = "\(kind):\(path.lowercased())"
        self.at = at
    }
}
