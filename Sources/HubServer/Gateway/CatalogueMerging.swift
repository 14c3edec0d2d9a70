import HubCore

/// One list out of several that are each in the same order: what is here, kind by kind, and what upstreams have.
struct CatalogueMerging: Sendable {
    /// One of the lists.
    struct Stream: Sendable {
        /// Its name in a cursor.
        let name: String
        let page: @Sendable (_ after: RepositoryCursor?, _ limit: Int) async throws -> [Element]
    }

    struct Element: Sendable {
        let item: CatalogueItem
        /// What the list is sorted by; nil where only the place in the list counts.
        let value: Int64?
        let cursor: RepositoryCursor
    }

    /// Where each list goes on: `name:cursor`, `-` for one that ended.
    struct Cursor: Sendable, Equatable {
        var places: [String: RepositoryCursor?] = [:]

        var text: String {
            places.sorted { $0.key < $1.key }.map { "\($0.key):\($0.value?.text ?? "-")" }.joined(separator: ",")
        }

        init() {}

        /// - Throws: `.badRequest`.
        init(parsing text: String?) throws {
            guard let text, !text.isEmpty else { return }
            for part in text.prefix(2_000).split(separator: ",") {
                let words = part.split(separator: ":", maxSplits: 1).map(String.init)
                guard words.count == 2 else {
                    throw HubError(
                        .badRequest, "The cursor is not one of this list.", remedy: "Begin with the first page.")
                }
                places[words[0]] = .some(words[1] == "-" ? nil : try RepositoryCursor(parsing: words[1]))
            }
        }
    }

    let streams: [Stream]
    let isAscending: Bool

    /// - Returns: the page, and where the next begins; nil after the last.
    func page(after cursor: Cursor, limit: Int) async throws -> (items: [CatalogueItem], next: Cursor?) {
        var pages: [(name: String, elements: ArraySlice<Element>, hasMore: Bool)] = []
        for stream in streams {
            let place = cursor.places[stream.name]
            if case .some(.none) = place { continue }
            let elements = try await stream.page(place ?? nil, limit + 1)
            pages.append((stream.name, elements[...], elements.count > limit))
        }
        var next = cursor
        var items: [CatalogueItem] = []
        var taken = [Int](repeating: 0, count: pages.count)
        while items.count < limit {
            // Streams are few: the best of their first elements is looked for each time.
            var best: Int?
            for index in pages.indices where !pages[index].elements.isEmpty {
                guard let other = best else {
                    best = index
                    continue
                }
                if isBefore(pages[index].elements.first, taken[index], pages[other].elements.first, taken[other]) {
                    best = index
                }
            }
            guard let best, let element = pages[best].elements.popFirst() else { break }
            items.append(element.item)
            taken[best] += 1
            next.places[pages[best].name] = .some(element.cursor)
        }
        var isLeft = false
        for page in pages {
            if page.elements.isEmpty, !page.hasMore { next.places[page.name] = .some(nil) } else { isLeft = true }
        }
        return (items, isLeft ? next : nil)
    }

    private func isBefore(_ left: Element?, _ leftTaken: Int, _ right: Element?, _ rightTaken: Int) -> Bool {
        guard let left, let right else { return false }
        guard let leftValue = left.value, let rightValue = right.value else { return leftTaken < rightTaken }
        return isAscending ? leftValue < rightValue : leftValue > rightValue
    }
}
