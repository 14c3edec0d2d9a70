/// How far a compressed request body may grow (S47).
package struct InflationLimits: Sendable {
    /// Bytes after inflation.
    package var size: Int64
    /// Inflated bytes per compressed byte, once more than ``freeSize`` came out.
    package var ratio: Int64
    /// Bytes that may come out before the ratio counts: small bodies of repeated text compress far.
    package var freeSize: Int64

    package init(size: Int64 = 2 << 30, ratio: Int64 = 200, freeSize: Int64 = 4 << 20) {
        self.size = size
        self.ratio = ratio
        self.freeSize = freeSize
    }
}
