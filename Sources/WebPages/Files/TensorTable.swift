/// What a file of weights holds.
package enum TensorTable {
    package struct Tensor: Sendable, Hashable {
        package let name: String
        /// Such as `BF16` or `Q4_K`.
        package let type: String
        package let shape: [Int64]

        package init(name: String, type: String, shape: [Int64]) {
            self.name = name
            self.type = type
            self.shape = shape
        }

        package var parameters: Int64 {
            shape.reduce(1) { product, size in
                let (value, overflow) = product.multipliedReportingOverflow(by: size)
                return overflow ? .max : value
            }
        }
    }

    /// - Parameter limit: rows that are shown; the table says how many there are.
    package static func view(_ tensors: [Tensor], limit: Int = 1_000, _ context: PageContext) -> HTML { HTML() }
}
