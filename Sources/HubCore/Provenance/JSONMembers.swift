#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Looks at the member names of a JSON document before it is believed.
///
/// Readers differ in which of two members of the same name they take, so a signed document must not have any.
enum JSONMembers {
    private static let maximumDepth = 64

    /// - Throws: `.badRequest` for a document that names a member twice in one object, or nests too deep. Whether it is
    ///   JSON otherwise is for the parser to say.
    static func requireUnique(in json: [UInt8]) throws(HubError) {
        var names: [Set<String>] = []
        var isObject: [Bool] = []
        var expectsName = false
        var index = 0
        while index < json.count {
            switch json[index] {
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                let opens = json[index] == UInt8(ascii: "{")
                guard isObject.count < maximumDepth else {
                    throw HubError(.badRequest, "The signed document nests too deep.")
                }
                isObject.append(opens)
                names.append([])
                expectsName = opens
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                _ = isObject.popLast()
                _ = names.popLast()
                expectsName = false
            case UInt8(ascii: ","): expectsName = isObject.last ?? false
            case UInt8(ascii: "\""):
                guard let end = endOfString(json, from: index) else {
                    throw HubError(.badRequest, "The signed document is not JSON.")
                }
                if expectsName, !names.isEmpty {
                    let name = try text(json[index...end])
                    guard names[names.count - 1].insert(name).inserted else {
                        throw HubError(
                            .badRequest, "The signed document has the member '\(name.onOneLine)' twice.")
                    }
                    expectsName = false
                }
                index = end
            default: break
            }
            index += 1
        }
    }

    private static func endOfString(_ json: [UInt8], from start: Int) -> Int? {
        var index = start + 1
        while index < json.count {
            if json[index] == UInt8(ascii: "\\") {
                index += 2
                continue
            }
            if json[index] == UInt8(ascii: "\"") { return index }
            index += 1
        }
        return nil
    }

    /// The name as a reader sees it: `"\u0061"` is `a`.
    private static func text(_ quoted: ArraySlice<UInt8>) throws(HubError) -> String {
        guard quoted.contains(UInt8(ascii: "\\")) else {
            return String(decoding: quoted.dropFirst().dropLast(), as: UTF8.self)
        }
        guard let text = try? JSONDecoder().decode(String.self, from: Data(quoted)) else {
            throw HubError(.badRequest, "The signed document is not JSON.")
        }
        return text
    }
}
