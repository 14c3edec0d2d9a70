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
    package static func view(_ tensors: [Tensor], limit: Int = 1_000, _ context: PageContext) -> HTML {
        let t = context.t
        let total = tensors.reduce(Int64(0)) { sum, tensor in
            let (value, overflow) = sum.addingReportingOverflow(tensor.parameters)
            return overflow ? .max : value
        }
        let columns: [DataTable.Column] = [
            .init(t.tensor), .init(t.tensorType), .init(t.tensorShape, isNumber: true),
            .init(t.tensorParameters, isNumber: true),
        ]
        let rows = tensors.prefix(limit).map { tensor -> [HTML] in
            [
                "<code>\(tensor.name)</code>", HTML(text: tensor.type),
                HTML(text: tensor.shape.map { t.number($0) }.joined(separator: " × ")),
                "<span title=\"\(t.number(tensor.parameters))\">\(t.compact(tensor.parameters))</span>",
            ]
        }
        let note =
            tensors.count > limit
            ? t.firstTensors(t.number(limit), of: t.number(tensors.count), parameters: t.compact(total))
            : t.allTensors(tensors.count, parameters: t.compact(total))
        let table = DataTable.view(t.tensors, columns: columns, rows: Array(rows), order: t.orderOfFile)
        return "<p class=\"tensor-note\">\(note)</p>\(table)"
    }
}
