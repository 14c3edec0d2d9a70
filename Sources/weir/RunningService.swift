import ServiceLifecycle

extension ServiceGroupConfiguration.ServiceConfiguration {
    /// A service that is called by its type in the log. Left to itself, a configuration describes its service with all
    /// that it holds, which here is the whole hub: seven megabytes of text, written at the start and kept.
    static func running(
        _ service: any Service,
        whenDone: ServiceGroupConfiguration.ServiceConfiguration.TerminationBehavior = .cancelGroup
    ) -> Self {
        Self(service: service, successTerminationBehavior: whenDone, serviceName: "\(type(of: service))")
    }
}
