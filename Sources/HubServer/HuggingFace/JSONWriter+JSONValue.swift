import HubCore

extension JSONWriter {
    /// A document as it came.
    mutating func value(_ document: JSONValue) {
        switch document {
        case .null: null()
        case .boolean(let flag): value(flag)
        case .integer(let number): value(number)
        case .number(let number): value(number)
        case .string(let text): value(text)
        case .array(let elements): array { for element in elements { $0.value(element) } }
        case .object(let members):
            object { for member in members { $0.member(member.key, member.value) } }
        }
    }

    /// A member that is a document.
    mutating func member(_ name: String, _ document: JSONValue) {
        key(name)
        value(document)
    }
}
