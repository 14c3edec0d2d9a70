import HubCore

/// `per` and `page` of a paged list.
struct CSGHubPage: Equatable, Sendable {
    private static let usual = 50
    private static let largest = 100
    private static let lastPage = 1_000_000

    /// Elements of a page.
    let per: Int
    /// Counted from 1.
    let page: Int

    /// Elements before the page.
    var offset: Int { (page - 1) * per }

    /// - Throws: `CSGHubParameterProblem` for more than 100 a page, as the real service answers.
    init(_ query: QueryParameters) throws {
        per = try query.csghubInteger("per", in: 1...Self.largest) ?? Self.usual
        page = try query.csghubInteger("page", in: 1...Self.lastPage) ?? 1
    }
}

extension QueryParameters {
    /// A number within `range`; nil when absent or empty.
    /// - Throws: `CSGHubParameterProblem`.
    func csghubInteger(_ name: String, in range: ClosedRange<Int>) throws -> Int? {
        guard let text = first(name), !text.isEmpty else { return nil }
        guard let number = Int(text), range.contains(number) else {
            throw CSGHubParameterProblem(
                parameter: name, provided: text,
                expected: "a number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    /// One of the listed words; nil when absent or empty.
    /// - Throws: `CSGHubParameterProblem`.
    func csghubWord<Word: RawRepresentable<String> & CaseIterable>(_ name: String, as: Word.Type) throws -> Word? {
        guard let text = first(name), !text.isEmpty else { return nil }
        guard let word = Word(rawValue: text) else {
            throw CSGHubParameterProblem(
                parameter: name, provided: text, allowed: Word.allCases.map(\.rawValue))
        }
        return word
    }
}
