/// Where pages get bytes that nobody can guess; tests give them the same each time.
package struct WebRandomness: Sendable {
    package let bytes: @Sendable (Int) -> [UInt8]

    package init(_ bytes: @escaping @Sendable (Int) -> [UInt8]) { self.bytes = bytes }

    package static let system = WebRandomness { count in (0..<count).map { _ in UInt8.random(in: .min ... .max) } }
}
