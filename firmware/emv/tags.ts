/**
 * The data elements that the kernels name (EMV 4.3 Book 3, annex A; contactless: EMV Book C-3 and the schemes' own).
 * A tag is its bytes as one number.
 */
export const tags = Object.freeze({
  applicationIdentifier: 0x4f,
  applicationLabel: 0x50,
  track2Equivalent: 0x57,
  primaryAccountNumber: 0x5a,
  directoryEntry: 0x61,
  fileControlInformation: 0x6f,
  record: 0x70,
  issuerScript1: 0x71,
  issuerScript2: 0x72,
  responseFormat2: 0x77,
  responseFormat1: 0x80,
  amountBinary: 0x81,
  applicationInterchangeProfile: 0x82,
  commandTemplate: 0x83,
  dedicatedFileName: 0x84,
  issuerScriptCommand: 0x86,
  priority: 0x87,
  shortFileIdentifier: 0x88,
  authorisationCode: 0x89,
  authorisationResponseCode: 0x8a,
  cardRiskManagementList1: 0x8c,
  cardRiskManagementList2: 0x8d,
  cardholderVerificationList: 0x8e,
  issuerAuthenticationData: 0x91,
  applicationFileLocator: 0x94,
  terminalVerificationResults: 0x95,
  transactionDate: 0x9a,
  transactionStatusInformation: 0x9b,
  transactionType: 0x9c,
  fileControlProprietary: 0xa5,
  fileControlDiscretionary: 0xbf0c,
  cardholderName: 0x5f20,
  expirationDate: 0x5f24,
  effectiveDate: 0x5f25,
  issuerCountryCode: 0x5f28,
  transactionCurrencyCode: 0x5f2a,
  panSequenceNumber: 0x5f34,
  transactionCurrencyExponent: 0x5f36,
  amountAuthorised: 0x9f02,
  amountOther: 0x9f03,
  terminalApplicationIdentifier: 0x9f06,
  applicationUsageControl: 0x9f07,
  cardApplicationVersion: 0x9f08,
  terminalApplicationVersion: 0x9f09,
  cardholderNameExtended: 0x9f0b,
  issuerActionDenial: 0x9f0e,
  issuerActionOnline: 0x9f0f,
  issuerApplicationData: 0x9f10,
  issuerCodeTable: 0x9f11,
  preferredName: 0x9f12,
  lastOnlineCounter: 0x9f13,
  lowerOfflineLimit: 0x9f14,
  merchantIdentifier: 0x9f16,
  issuerScriptIdentifier: 0x9f18,
  terminalCountryCode: 0x9f1a,
  floorLimit: 0x9f1b,
  terminalIdentification: 0x9f1c,
  deviceSerialNumber: 0x9f1e,
  transactionTime: 0x9f21,
  upperOfflineLimit: 0x9f23,
  applicationCryptogram: 0x9f26,
  cryptogramInformation: 0x9f27,
  kernelIdentifier: 0x9f2a,
  terminalCapabilities: 0x9f33,
  cardholderVerificationResults: 0x9f34,
  terminalType: 0x9f35,
  transactionCounter: 0x9f36,
  unpredictableNumber: 0x9f37,
  processingOptionsList: 0x9f38,
  additionalCapabilities: 0x9f40,
  transactionSequenceCounter: 0x9f41,
  cardCurrencyCode: 0x9f42,
  merchantName: 0x9f4e,
  issuerScriptResults: 0xdf31,
  electronicCashAuthorisationCode: 0x9f74,
  terminalTransactionQualifiers: 0x9f66,
  cardTransactionQualifiers: 0x9f6c,
} as const);

/** Elements of format `n`: their bytes stand on the right of a longer or shorter place (Book 3, 5.4 and annex A). */
const numericTags: readonly number[] = [
  0x5f24, 0x5f25, 0x5f28, 0x5f2a, 0x5f30, 0x5f34, 0x5f36, 0x9a, 0x9c, 0x9f01, 0x9f02, 0x9f03, 0x9f11, 0x9f15, 0x9f19,
  0x9f1a, 0x9f21, 0x9f35, 0x9f39, 0x9f3b, 0x9f3c, 0x9f3d, 0x9f41, 0x9f42, 0x9f43, 0x9f44, 0x9f57, 0x9f5d, 0x9f77,
  0x9f78, 0x9f79, 0x9f7a, 0x9f7b,
];

/** Elements of format `cn`: filled with hexadecimal F on the right. */
const compressedNumericTags: readonly number[] = [0x57, 0x5a, 0x9f20];

/** How an element is cut or filled where another length is asked for. */
export function elementFormat(tag: number): "numeric" | "compressedNumeric" | "other" {
  if (numericTags.includes(tag)) {
    return "numeric";
  }
  return compressedNumericTags.includes(tag) ? "compressedNumeric" : "other";
}
