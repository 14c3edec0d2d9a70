/// Where a list of repositories goes on.
package enum RepositoryCursor: Hashable, Sendable {
    /// After the row with this value of what the list is sorted by. Rows that come or go do not move it.
    case row(value: Int64, key: Int64)
    /// After that many rows, in an order that is made for each search.
    case position(Int64)

    package var text: String {
        switch self {
        case .row(let value, let key): "\(value).\(key)"
        case .position(let count): "\(count)"
        }
    }

    /// - Throws: `.badRequest` for what this hub never handed out.
    package init(parsing text: String) throws {
        let numbers = text.split(separator: ".", omittingEmptySubsequences: false).map { Int64($0) }
        switch (numbers.first, numbers.dropFirst().first, numbers.count) {
        case (let value??, let key??, 2): self = .row(value: value, key: key)
        case (let count??, nil, 1) where (0...1_000_000_000).contains(count): self = .position(count)
        default:
            throw HubError(.badRequest, "The cursor is not one of this hub.", remedy: "Begin with the first page.")
        }
    }
}
