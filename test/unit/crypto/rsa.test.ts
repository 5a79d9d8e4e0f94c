import { test } from "uvu";
import * as assert from "uvu/assert";
import { bytesToHex, hexToBytes } from "../../../firmware/codec/hex.ts";
import { rsaPublic } from "../../../firmware/crypto/rsa.ts";

/** A key of 1024 bits and its results, made for this test with another implementation of modular powers. */
const modulus = hexToBytes(
  "B622958127AB3314B95DFA126424D7AAF35FD297AAA223A52438B387FA14AD7105C1B32E5014B7F8E0C0F970DD398866" +
    "4B5E7E5DC4B85B6C4B358B9EE11AAD0B94E6D58FD8464F84F597C266C40B53DFDE2C880C1037EA6DA9BD3BB53DDDDC79" +
    "EE364139176EF45773EA1B184D365E006F8C10B5C15E5F8F40A33F74728CD96B",
);
const data = hexToBytes(
  "0000005E189833793E2F0752137CCE65B8630AE0BB95A8AA49A7AA3821F07B73C0C788CFFEB733D6EB62082D48807639" +
    "F7C9E5146D90533A8FE28FC0A3A55726FEDFB10259AF02FDFF3531AFF5D186C304B2434594056B81F2614984C33BCCCD" +
    "EF977EEE0833F4A82D8BFE4AAE04BE896A77BB5BBE59436A679617BA9E9CADF2",
);
const cubed =
  "4DAD2EDF0DCC25D1C402B9098AE3EE41425B8FFC58AF361B0B5C255D95D547200A4A61558B6B46FDF2046A8061DC4172" +
  "B35DF4919201E2EB3CD08F52BB27B44297EF4946EC2DCEECF9538E3410C35C933FDEFFB4C388D25AF1F1382B1B5A2BD6" +
  "6978832C41EC01BA9F365F2CDCF827830F6B913D4E19C87617EE153395FD2F65";
const toTheFermat =
  "B375C437443D5CEEE1FAE3AE4D19F405E77423257A8E4431222CF8301699204544FFAEB06275EACBAB4F749DC4011814" +
  "083C06BBFB37DF4EDD49A53953B72A1FF2BB5FC4DBA301F0CA1E5802DB581B68AC0CAA84BDEA8502CCD5B87AA9E2AADF" +
  "60C7F7E544982ED6B278C1FD92548840BF9CDBE84700380174A87AE501990B5B";

const three = hexToBytes("03");

test("the exponents of EMV give the published result in as many bytes as the modulus", () => {
  assert.is(bytesToHex(rsaPublic({ modulus, exponent: three }, data)!), cubed);
  assert.is(bytesToHex(rsaPublic({ modulus, exponent: hexToBytes("010001") }, data)!), toTheFermat);
  assert.is(bytesToHex(rsaPublic({ modulus, exponent: hexToBytes("000003") }, data)!), cubed);
});

test("a small result keeps its leading zeros", () => {
  const two = new Uint8Array(modulus.length);
  two[two.length - 1] = 2;
  assert.is(bytesToHex(rsaPublic({ modulus, exponent: three }, two)!), "08".padStart(2 * modulus.length, "0"));
  assert.is(bytesToHex(rsaPublic({ modulus, exponent: three }, new Uint8Array(128))!), "00".repeat(128));
});

test("a view is used from its own start", () => {
  const larger = new Uint8Array(140).fill(0xff);
  larger.set(data, 5);
  assert.is(bytesToHex(rsaPublic({ modulus, exponent: three }, larger.subarray(5, 133))!), cubed);
});

test("data or keys that do not fit give nothing", () => {
  const refused: readonly (readonly [Uint8Array, Uint8Array, Uint8Array])[] = [
    [modulus, three, data.subarray(1)],
    [modulus, three, modulus],
    [modulus, three, new Uint8Array(128).fill(0xff)],
    [new Uint8Array(0), three, new Uint8Array(0)],
    [new Uint8Array(4), three, new Uint8Array(4)],
    [modulus, new Uint8Array(0), data],
    [modulus, new Uint8Array(1), data],
  ];
  for (const [n, exponent, message] of refused) assert.is(rsaPublic({ modulus: n, exponent }, message), undefined);
});

test("an exponent longer than any of EMV's is not computed", () => {
  assert.is(rsaPublic({ modulus, exponent: new Uint8Array(128).fill(0xff) }, data), undefined);
});

test.run();
