enum Severity { error } export default Severity;
