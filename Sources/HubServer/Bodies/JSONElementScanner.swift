/// Takes the objects of one array member out of a JSON object as its text arrives, so that a body of any length is read
/// one element at a time: `{"message":…,"files":[{…},{…}]}`.
///
/// It follows strings and brackets only; whether the parts are JSON their decoder tells.
struct JSONElementScanner: Sendable {
    struct Problem: Error, Equatable {
        let text: String
    }

    /// What was outside the elements: the object with an empty array.
    private(set) var frame: [UInt8] = []
    /// Whether the object has been closed.
    private(set) var isComplete = false

    private let member: [UInt8]
    private let elementLimit: Int
    private let frameLimit: Int
    private var depth = 0
    private var isInString = false
    private var isEscaped = false
    /// The last string at the top level, which is a key when a colon follows.
    private var word: [UInt8] = []
    private var isInMember = false
    /// The depth of the array's own brackets; nil outside of it.
    private var arrayDepth: Int?
    private var element: [UInt8] = []
    private var isInElement = false

    /// - Parameters:
    ///   - elementLimit: bytes of one element.
    ///   - frameLimit: bytes of all that is no element.
    init(member: String, elementLimit: Int, frameLimit: Int = 1 << 20) {
        self.member = Array(member.utf8)
        self.elementLimit = elementLimit
        self.frameLimit = frameLimit
    }

    /// Takes the next bytes and hands out the elements that they complete.
    mutating func feed(_ bytes: some Sequence<UInt8>) throws -> [[UInt8]] {
        var complete: [[UInt8]] = []
        for byte in bytes {
            let wasInElement = isInElement
            try follow(byte)
            if isInElement || wasInElement {
                guard element.count < elementLimit else { throw Problem(text: "An element is too large.") }
                element.append(byte)
                if !isInElement {
                    complete.append(element)
                    element.removeAll(keepingCapacity: true)
                }
            } else if arrayDepth != nil, depth == arrayDepth, byte != UInt8(ascii: "[") {
                guard Self.separators.contains(byte) else { throw Problem(text: "An element is no object.") }
            } else {
                guard frame.count < frameLimit else { throw Problem(text: "The object is too large.") }
                frame.append(byte)
            }
        }
        return complete
    }

    private mutating func follow(_ byte: UInt8) throws {
        if isInString {
            followString(byte)
            return
        }
        switch byte {
        case UInt8(ascii: "\""):
            isInString = true
            if depth == 1 { word.removeAll(keepingCapacity: true) }
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            guard !isComplete, depth > 0 || byte == UInt8(ascii: "{") else { throw Problem(text: "It is no object.") }
            depth += 1
            guard depth <= 64 else { throw Problem(text: "It is nested too deep.") }
            if arrayDepth == nil, depth == 2, isInMember, byte == UInt8(ascii: "[") { arrayDepth = 2 }
            if let arrayDepth, depth == arrayDepth + 1 {
                guard byte == UInt8(ascii: "{") else { throw Problem(text: "An element is no object.") }
                isInElement = true
            }
        case UInt8(ascii: "}"), UInt8(ascii: "]"):
            guard depth > 0 else { throw Problem(text: "It is no object.") }
            depth -= 1
            if let arrayDepth {
                if depth == arrayDepth { isInElement = false }
                if depth < arrayDepth { self.arrayDepth = nil }
            }
            if depth == 0 { isComplete = true }
        case UInt8(ascii: ":"):
            if depth == 1 { isInMember = word == member }
        default:
            break
        }
    }

    private mutating func followString(_ byte: UInt8) {
        if isEscaped {
            isEscaped = false
        } else if byte == UInt8(ascii: "\\") {
            isEscaped = true
        } else if byte == UInt8(ascii: "\"") {
            isInString = false
            return
        }
        // A key is longer than the member's name or it is another one.
        if depth == 1, word.count <= member.count { word.append(byte) }
    }

    private static let separators: Set<UInt8> = [0x20, 0x09, 0x0A, 0x0D, UInt8(ascii: ","), UInt8(ascii: "]")]
}
