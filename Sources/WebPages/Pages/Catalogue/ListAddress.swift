/// The address of a list, which says all that the list is: what it is narrowed to, its order, its page.
package struct ListAddress: Sendable, Hashable {
    package struct Part: Sendable, Hashable {
        package let name: String
        package let value: String

        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    package let path: String
    package private(set) var parts: [Part]

    /// What only says where in the list one is.
    private static let places: Set<String> = ["cursor", "from"]

    package init(path: String, parts: [Part] = []) {
        self.path = path
        self.parts = parts.filter { !$0.value.isEmpty }
    }

    package var text: String {
        guard !parts.isEmpty else { return path }
        return path + "?"
            + parts.map { "\(URLText.component($0.name))=\(URLText.component($0.value))" }.joined(separator: "&")
    }

    package func first(_ name: String) -> String? { parts.first { $0.name == name }?.value }
    package func has(_ name: String, _ value: String) -> Bool { parts.contains(Part(name, value)) }

    /// The first page of the list without one of its conditions.
    package func removing(_ name: String, _ value: String) -> ListAddress {
        ListAddress(path: path, parts: beginning.filter { $0 != Part(name, value) })
    }

    /// The first page of the list with one more condition.
    package func adding(_ name: String, _ value: String) -> ListAddress {
        ListAddress(path: path, parts: beginning + [Part(name, value)])
    }

    /// The first page with another value of something that has one; nil for none.
    package func setting(_ name: String, to value: String?) -> ListAddress {
        ListAddress(path: path, parts: beginning.filter { $0.name != name } + (value.map { [Part(name, $0)] } ?? []))
    }

    /// The first page without these.
    package func dropping(_ names: Set<String>) -> ListAddress {
        ListAddress(path: path, parts: beginning.filter { !names.contains($0.name) })
    }

    /// A page further on.
    package func page(at cursor: String, from position: Int) -> ListAddress {
        ListAddress(path: path, parts: beginning + [Part("cursor", cursor), Part("from", String(position))])
    }

    /// The page before another.
    package func page(before place: PreviousPlace, from position: Int) -> ListAddress {
        switch place {
        case .first: ListAddress(path: path, parts: beginning)
        case .cursor(let cursor): page(at: cursor, from: position)
        }
    }

    private var beginning: [Part] { parts.filter { !Self.places.contains($0.name) } }
}

/// Where the page before another begins.
package enum PreviousPlace: Sendable, Hashable {
    case first
    case cursor(String)
}
