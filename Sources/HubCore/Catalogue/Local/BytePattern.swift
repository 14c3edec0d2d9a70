/// Bytes that are looked for in a text, thirty-two places at once: where the first and the last of them are.
struct BytePattern: Sendable {
    private typealias Places = SIMD32<UInt8>

    let bytes: [UInt8]

    /// Hands over each place where the pattern begins, from the front; nothing for a pattern of no bytes.
    func each(in text: UnsafeRawBufferPointer, _ body: (_ start: Int) -> Void) {
        guard let first = bytes.first, let last = bytes.last else { return }
        let firsts = Places(repeating: first)
        let lasts = Places(repeating: last)
        let span = bytes.count - 1
        bytes.withUnsafeBytes { pattern in
            func look(at start: Int) {
                if text[start...start + span].elementsEqual(pattern) { body(start) }
            }
            var start = 0
            while start + span + Places.scalarCount <= text.count {
                let fits =
                    (text.loadUnaligned(fromByteOffset: start, as: Places.self) .== firsts)
                    .& (text.loadUnaligned(fromByteOffset: start + span, as: Places.self) .== lasts)
                if any(fits) {
                    for place in 0..<Places.scalarCount where fits[place] { look(at: start + place) }
                }
                start += Places.scalarCount
            }
            while start + span < text.count {
                look(at: start)
                start += 1
            }
        }
    }
}
