/// Where and how the hub listens.
package struct ServingConfiguration: Sendable {
    package var host: String
    /// 0 lets the system choose.
    package var port: Int
    package var baseURL: BaseURL
    package var limits: ServerLimits
    /// Send files by sendfile. False when something in the pipeline must see the bytes, as TLS does.
    package var usesSendfile: Bool

    package init(
        host: String = "127.0.0.1", port: Int = 8080, baseURL: BaseURL = BaseURL(),
        limits: ServerLimits = ServerLimits(), usesSendfile: Bool = true
    ) {
        self.host = host
        self.port = port
        self.baseURL = baseURL
        self.limits = limits
        self.usesSendfile = usesSendfile
    }
}
