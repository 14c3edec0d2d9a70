/// How large a model is once it is loaded, from its header or from what its upstream tells.
package struct ModelSize: Sendable, Hashable {
    /// Number of parameters.
    package var parameters: Int64
    /// Bytes of all weights as they are stored.
    package var weightBytes: Double
    /// Bytes that one token of context takes; nil where the shape of its attention is not known.
    package var cacheBytesPerToken: Double?

    /// - Parameter parametersByType: names of types as headers have them, such as `BF16`; what is not named is taken to
    ///   be of two bytes.
    package init(parameters: Int64, parametersByType: [String: Int64] = [:], cacheBytesPerToken: Double? = nil) {
        self.parameters = max(0, parameters)
        var bytes = 0.0
        var named = 0.0
        for (type, count) in parametersByType where count > 0 {
            let bits = TensorType.bits(safetensors: type).map(Double.init) ?? 16
            bytes += Double(count) * bits / 8
            named += Double(count)
        }
        weightBytes = bytes + max(0, Double(self.parameters) - named) * 2
        self.cacheBytesPerToken = cacheBytesPerToken
    }

    /// - Parameter weightBytes: as stored, for formats whose types say little, such as GGUF.
    package init(parameters: Int64, weightBytes: Double) {
        self.parameters = max(0, parameters)
        self.weightBytes = max(0, weightBytes)
    }

    /// The cache of a model whose attention is shared between heads: `2 · layers · heads · dimension · bytes`.
    package static func cacheBytesPerToken(layers: Int64, heads: Int64, dimension: Int64, bytes: Int64 = 2) -> Double {
        2 * Double(max(0, layers)) * Double(max(0, heads)) * Double(max(0, dimension)) * Double(max(0, bytes))
    }

    /// Bytes of memory that serving it takes: a fifth above its weights, and the cache of its context.
    ///
    /// Where the attention is not known, the cache grows as in models that are: a quarter MiB per token at seven
    /// milliards of parameters, by the power of two thirds.
    package func memory(context: Int64) -> Double {
        weightBytes * 1.2 + tokenBytes * Double(max(0, context))
    }

    /// Bytes that one token of context takes, estimated where they are not known.
    var tokenBytes: Double { cacheBytesPerToken ?? Double(256 << 10) * Self.twoThirds(Double(parameters) / 7e9) }

    private static func twoThirds(_ value: Double) -> Double { value <= 0 ? 0 : Powers.power(value, 2.0 / 3.0) }
}
